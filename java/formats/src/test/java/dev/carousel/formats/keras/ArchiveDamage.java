package dev.carousel.formats.keras;

import dev.carousel.formats.damage.JsonDamage;
import dev.carousel.formats.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Damage to the JSON in a {@code .keras} file, whose checksums are right afterwards. */
final class ArchiveDamage {
  private ArchiveDamage() {}

  static byte[] apply(byte[] file, SplittableRandom random) throws IOException {
    String damaged = random.nextInt(8) == 0 ? "metadata.json" : "config.json";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(file));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        byte[] content = entries.readAllBytes();
        if (entry.getName().equals(damaged)) {
          content = JsonDamage.apply(Json.parse(new String(content, StandardCharsets.UTF_8)), random).compact()
              .getBytes(StandardCharsets.UTF_8);
        }
        zip.putNextEntry(new ZipEntry(entry.getName()));
        zip.write(content);
      }
    }
    return out.toByteArray();
  }
}
