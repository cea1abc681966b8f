package dev.carousel.cli.devices;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The files that name this machine's drivers of OpenCL, where its loader looks for them. */
final class Installed {
  private static final Path USUAL = Path.of("/etc/OpenCL/vendors");

  private Installed() {}

  /**
   * The files in the loader's own order, which is that of the folder: where two platforms have one name it shows in their
   * ids. None where the loader is told of a driver in another way, or looks elsewhere than Linux's does.
   */
  static List<Path> files(Map<String, String> environment) {
    if (set(environment, "OCL_ICD_FILENAMES")) {
      return List.of();
    }
    Path folder = set(environment, "OCL_ICD_VENDORS") ? Path.of(environment.get("OCL_ICD_VENDORS"))
        : set(environment, "OPENCL_VENDOR_PATH") ? Path.of(environment.get("OPENCL_VENDOR_PATH")) : USUAL;
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.icd")) {
      found.forEach(files::add);
    } catch (IOException none) { // a single file, or nothing: the loader knows better
      return List.of();
    }
    return files;
  }

  private static boolean set(Map<String, String> environment, String name) {
    return !environment.getOrDefault(name, "").isEmpty();
  }
}
