package dev.carousel.formats.keras;

import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.LittleEndian;
import dev.carousel.formats.data.NdArray;
import io.jhdf.HdfFile;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A group of an HDF5 file: members and attributes by name. What is wrong with the file is a FormatException.
 *
 * <p>Keras 2.13 to 2.15 on Windows wrote {@code layers\lstm\cell} as one name; such a name is taken for the groups that it
 * was to be.
 */
final class HdfGroup {
  private static final char WINDOWS = '\\';

  private final Group group;
  private final String within; // what the names of its members begin with, where it is a part of names only
  private final HdfTexts texts;
  private final HdfArrays arrays;

  private HdfGroup(Group group, String within, HdfTexts texts, HdfArrays arrays) {
    this.group = group;
    this.within = within;
    this.texts = texts;
    this.arrays = arrays;
  }

  /** Where the file begins, behind what its user may have put before it; -1 if this is none. */
  static long start(MemorySegment bytes) {
    for (long at = 0; at <= bytes.byteSize() - 8; at = at == 0 ? 512 : 2 * at) {
      if (LittleEndian.signedLong(bytes, at) == HdfStructure.SIGNATURE) {
        return at;
      }
    }
    return -1;
  }

  /** The group that holds all others. */
  static HdfGroup root(MemorySegment bytes) throws FormatException {
    long start = start(bytes);
    FormatException.check(start >= 0, "This is no HDF5 file: it has no signature of one.");
    FormatException.check(bytes.byteSize() <= Integer.MAX_VALUE,
        "The HDF5 file has %d bytes, and files of up to %d are read. Convert the model to safetensors.",
        bytes.byteSize(), Integer.MAX_VALUE);
    MemorySegment space = bytes.asSlice(start);
    Claims claims = HdfStructure.check(space);
    return reading("The HDF5 file", () -> {
      HdfFile file = HdfFile.fromByteBuffer(bytes.asByteBuffer());
      return new HdfGroup(file, "", new HdfTexts(file.getHdfBackingStorage(), space, claims),
          new HdfArrays(space, claims));
    });
  }

  /** The names of its members. */
  List<String> names() throws FormatException {
    List<String> all = reading(group.getPath(), () -> List.copyOf(group.getChildren().keySet()));
    return all.stream().filter(name -> name.startsWith(within)).map(name -> first(name.substring(within.length())))
        .distinct().toList();
  }

  private static String first(String name) {
    int end = name.indexOf(WINDOWS);
    return end < 0 ? name : name.substring(0, end);
  }

  /** A group below it, if there is one. */
  Optional<HdfGroup> find(String path) throws FormatException {
    return find(Arrays.stream(path.split("/", -1)).filter(name -> !name.isEmpty()).toList());
  }

  /** The names of a path may be those of groups, or stand in one name; what is wanted may be in either. */
  private Optional<HdfGroup> find(List<String> path) throws FormatException {
    if (path.isEmpty()) {
      return Optional.of(this);
    }
    List<String> rest = path.subList(1, path.size());
    if (member(path.getFirst()) instanceof Group real) {
      Optional<HdfGroup> found = new HdfGroup(real, "", texts, arrays).find(rest);
      if (found.isPresent()) {
        return found;
      }
    }
    String part = within + path.getFirst() + WINDOWS;
    boolean there = reading(group.getPath(), () -> group.getChildren().keySet()).stream()
        .anyMatch(child -> child.startsWith(part));
    return there ? new HdfGroup(group, part, texts, arrays).find(rest) : Optional.empty();
  }

  /** A group below it. */
  HdfGroup get(String path) throws FormatException {
    return find(path).orElseThrow(() -> FormatException.of("The HDF5 file has no group %s%s.", group.getPath(), path));
  }

  /** An array below it. */
  NdArray array(String path) throws FormatException {
    int last = path.lastIndexOf('/');
    Optional<HdfGroup> above = find(path.substring(0, Math.max(0, last)));
    Node node = above.isEmpty() ? null : above.get().member(path.substring(last + 1));
    if (node == null) {
      throw FormatException.of("The HDF5 file has no array %s%s.", group.getPath(), path);
    }
    return arrays.read(node, group.getPath() + path);
  }

  /** An attribute that is a text, if it is there. */
  Optional<String> text(String name) throws FormatException {
    List<String> all = attribute(name);
    FormatException.check(all.size() <= 1, "Attribute %s of %s is to be one text and is %d.", name, group.getPath(),
        all.size());
    return all.stream().findFirst();
  }

  /** Whether an attribute of texts is there, in one piece or in several. */
  boolean hasTexts(String name) throws FormatException {
    return has(name) || has(name + 0);
  }

  /** An attribute that is a list of texts; Keras cuts a long one into name0, name1 and so on. */
  List<String> texts(String name) throws FormatException {
    FormatException.check(hasTexts(name), "Group %s of the HDF5 file lacks the attribute %s, which Keras writes.",
        group.getPath(), name);
    List<String> all = new ArrayList<>(attribute(name));
    for (int i = 0; has(name + i); i++) {
      all.addAll(attribute(name + i));
    }
    return all;
  }

  private boolean has(String attribute) throws FormatException {
    return reading(group.getPath(), () -> group.getAttribute(attribute) != null);
  }

  private List<String> attribute(String name) throws FormatException {
    return texts.read(reading(group.getPath(), () -> Optional.ofNullable(group.getAttribute(name))), name);
  }

  private @Nullable Node member(String name) throws FormatException {
    Node node = reading(group.getPath(), () -> Optional.ofNullable(group.getChild(within + name))).orElse(null);
    FormatException.check(node == null || !node.isLink(),
        "%s%s of the HDF5 file is a link, and links are not followed.", group.getPath(), name);
    return node;
  }

  /** What jhdf reads; whatever it throws at a damaged file comes out as one exception. */
  static <T> T reading(String what, Supplier<T> call) throws FormatException {
    try {
      return call.get();
    } catch (RuntimeException | StackOverflowError failure) {
      throw new FormatException(what + " of the HDF5 file cannot be read: " + reason(failure)
          + ". The file is damaged, or holds what Keras does not write.", failure);
    }
  }

  private static String reason(Throwable failure) {
    Throwable first = failure;
    for (int i = 0; i < 16 && first.getCause() != null; i++) {
      first = first.getCause();
    }
    return first.getMessage() == null ? first.getClass().getSimpleName() : first.getMessage();
  }
}
