package dev.carousel.formats.onnx;

import dev.carousel.formats.data.NewFile;
import dev.carousel.formats.onnx.proto.WireWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of a graph, and, where it becomes too large, another one of its weights. They are written under other names
 * and moved into place when they are whole, so that what stood there may be what an array is mapped from.
 */
final class WrittenFile {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 14;
  private static final long SMALL = 1024; // bytes of weights that stay within the message in any case
  private static final long PAGE = 4096; // where weights begin, so that readers can map them
  private static final int EXTERNAL = 1;

  private final Path file;
  private final Path dataFile;
  private final WrittenGraph graph;
  private final List<MemorySegment> external = new ArrayList<>();
  private long externalSize;

  WrittenFile(Path file, WrittenGraph graph) {
    this.file = file.toAbsolutePath();
    dataFile = this.file.resolveSibling(file.getFileName() + ".data");
    this.graph = graph;
  }

  void write(long limit) throws IOException {
    WireWriter whole = model(false);
    if (whole.size() <= limit) {
      replace(file, whole::writeTo);
      return;
    }
    WireWriter message = model(true);
    replace(dataFile, channel -> WireWriter.write(channel, external));
    replace(file, message::writeTo);
  }

  private WireWriter model(boolean apart) {
    List<WireWriter> tensors = graph.initializers().stream().map(tensor -> tensor(tensor, apart)).toList();
    WireWriter opset = new WireWriter().text(1, "").number(2, OPSET);
    return new WireWriter().number(1, IR_VERSION).text(2, "Carousel").message(7, graph.message(tensors))
        .message(8, opset);
  }

  private WireWriter tensor(WrittenGraph.Initializer tensor, boolean apart) {
    WireWriter message = new WireWriter();
    tensor.shape().forEach(size -> message.number(1, size));
    message.number(2, WrittenGraph.number(tensor.element())).text(8, tensor.name());
    if (!apart || tensor.bytes() < SMALL) {
      return message.bytes(9, tensor.data());
    }
    long gap = Math.floorMod(-externalSize, PAGE);
    external.add(MemorySegment.ofArray(new byte[(int) gap]));
    external.addAll(tensor.data());
    entry(message, "location", dataFile.getFileName().toString());
    entry(message, "offset", Long.toString(externalSize + gap));
    entry(message, "length", Long.toString(tensor.bytes()));
    externalSize += gap + tensor.bytes();
    return message.number(14, EXTERNAL);
  }

  private static void entry(WireWriter tensor, String key, String value) {
    tensor.message(13, new WireWriter().text(1, key).text(2, value));
  }

  /** What fills a file. */
  private interface Content {
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private static void replace(Path file, Content content) throws IOException {
    try (NewFile target = NewFile.at(file)) {
      content.writeTo(target.channel());
      target.complete();
    }
  }
}
