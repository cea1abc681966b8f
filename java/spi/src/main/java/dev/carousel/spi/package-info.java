/// The Program form and the back-end interfaces: read in this order.
///
/// 1. *What is computed*: [Slot] and [View] name the data; [GateGemm], [CellUpdate] and the small operations beside
///    them ([Embed], [Activate], [Softmax], [Combine], [Copy], [LastStep]) say what is done with it; a [Scan] repeats
///    operations once per time step; a [Program] is the checked, printable list of it all.
/// 2. *Who computes it*: a [BackendProvider] lists [Device]s and opens one as a [Backend], which compiles a Program to
///    an [Executable], which makes [Session]s.
/// 3. *How it is run*: the [Interpreter] is the one Session. A back end gives it [Buffers] (its memory, or simply
///    [HostBuffers]) and [Kernels] (its operations); the [Layout] says which rows are computed in which order.
@NullMarked
package dev.carousel.spi;

import org.jspecify.annotations.NullMarked;
