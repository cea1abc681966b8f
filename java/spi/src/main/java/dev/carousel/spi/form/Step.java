package dev.carousel.spi.form;

/** A line of a Program: an operation over all its rows at once, or a Scan over time. */
public sealed interface Step permits Operation, Scan {}
