package dev.carousel.formats.keras;

import dev.carousel.formats.data.Element;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.data.NdArray;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The arrays of an HDF5 file, as they lie in it: jhdf says where, and no number passes through it. */
final class HdfArrays {
  private final MemorySegment file;
  private final Claims claims;
  private final Map<Long, NdArray> read = new HashMap<>(); // by the address of their headers

  HdfArrays(MemorySegment file, Claims claims) {
    this.file = file;
    this.claims = claims;
  }

  NdArray read(Node node, String path) throws FormatException {
    NdArray known = read.get(node.getAddress());
    if (known != null) {
      claims.read(known.data().byteSize());
      return known;
    }
    FormatException.check(node instanceof Dataset, "%s in the HDF5 file is a group, and an array is needed.", path);
    FormatException.check(node instanceof ContiguousDataset,
        "The array %s in the HDF5 file is stored in chunks or within its header, and only arrays in one piece are read."
            + " Save the model again with Keras, or run h5repack -l CONTI.",
        path);
    ContiguousDataset dataset = (ContiguousDataset) node;
    Element element = HdfGroup.reading(path, () -> dataset.getDataType()) instanceof FloatingPoint type
        ? element(type, path)
        : no(dataset.getDataType(), path);
    List<Long> shape = HdfGroup.reading(path, () -> Arrays.stream(dataset.getDimensionsAsLong()).boxed().toList());
    long count = NdArray.count(shape);
    FormatException.check(count > 0 && count <= file.byteSize() / element.bytes(),
        "The array %s in the HDF5 file is to have the shape %s, and the file has %d bytes.", path, shape,
        file.byteSize());
    long address = HdfGroup.reading(path, dataset::getDataAddress);
    claims.claim(address, count * element.bytes(), "The array " + path);
    claims.read(count * element.bytes());
    NdArray array = new NdArray(element, shape, file.asSlice(address, count * element.bytes()));
    read.put(node.getAddress(), array);
    return array;
  }

  /** The floats of IEEE 754; there are others of the same sizes. */
  private static Element element(FloatingPoint type, String path) throws FormatException {
    FormatException.check(type.getByteOrder() == ByteOrder.LITTLE_ENDIAN,
        "The array %s in the HDF5 file has its highest bytes first, which is not read.", path);
    FormatException.check(type.getBitOffset() == 0 && type.getBitPrecision() == 8 * type.getSize()
        && type.getMantissaLocation() == 0 && type.getExponentLocation() == type.getMantissaSize(),
        "The array %s in the HDF5 file is of floats of no usual kind.", path);
    return switch (type.getMantissaSize() + ":" + type.getExponentSize() + ":" + type.getSize()) {
      case "23:8:4" -> Element.F32;
      case "52:11:8" -> Element.F64;
      case "10:5:2" -> Element.F16;
      case "7:8:2" -> Element.BF16;
      default -> throw FormatException.of("The array %s in the HDF5 file is of floats of no usual kind.", path);
    };
  }

  private static Element no(DataType type, String path) throws FormatException {
    throw FormatException.of("The array %s in the HDF5 file is of %s, and weights are floats. Save a model that is not"
        + " quantized.", path, type.getClass().getSimpleName());
  }
}
