package dev.carousel.spi;

import java.util.List;

/** The entry to a family of devices; found by {@link java.util.ServiceLoader}. */
public interface BackendProvider {
  /** The first part of its devices' ids: {@code reference}, {@code cpu}, {@code opencl}. */
  String name();

  /** Every device of this family, those that cannot be used included, each with its reason. Never throws for one. */
  List<Device> devices();

  /** Opens one of {@link #devices()} that is available. */
  Backend open(Device device);
}
