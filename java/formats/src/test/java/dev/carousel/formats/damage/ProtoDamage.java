package dev.carousel.formats.damage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Damage to a message of protocol buffers, after which it still is one: fields changed, left out, said twice, put
 * elsewhere, names and numbers exchanged.
 */
public final class ProtoDamage {
  private static final long[] NUMBERS = {0, 1, 2, 3, 4, 5, 7, 8, 255, 65536, Integer.MAX_VALUE, 1L << 31, 1L << 32,
      1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2};
  private static final List<String> TEXTS = List.of("", "LSTM", "GRU", "RNN", "Transpose", "Reshape", "Squeeze",
      "Unsqueeze", "Concat", "Slice", "Split", "Gather", "Shape", "Constant", "ConstantOfShape", "Expand", "Identity",
      "Cast", "MatMul", "Gemm", "Add", "Softmax", "If", "Where", "Mul", "Flatten", "Clip", "Relu", "Tanh", "Sigmoid",
      "reverse", "bidirectional", "layout", "axis", "axes", "perm", "\u001b[2J", "\u202ex", "x".repeat(20_000));

  private final List<ProtoField> root;
  private final List<List<ProtoField>> messages = new ArrayList<>();
  private final List<ProtoField> fields = new ArrayList<>();
  private final SplittableRandom random;

  private ProtoDamage(List<ProtoField> root, SplittableRandom random) {
    this.root = root;
    this.random = random;
    gather(root);
  }

  private void gather(List<ProtoField> message) {
    messages.add(message);
    fields.addAll(message);
    message.stream().filter(field -> !field.fields().isEmpty()).forEach(field -> gather(field.fields()));
  }

  /** The message with one damage; what is no message comes back as it is. */
  public static byte[] apply(byte[] message, SplittableRandom random) {
    List<ProtoField> root = ProtoField.parse(ByteBuffer.wrap(message), 0);
    if (root.isEmpty()) {
      return message;
    }
    ProtoDamage damage = new ProtoDamage(root, random);
    damage.one();
    return ProtoField.bytes(root);
  }

  private void one() {
    List<ProtoField> message = random.nextInt(5) == 0 ? root : pick(messages);
    int at = random.nextInt(message.size());
    ProtoField field = message.get(at);
    switch (random.nextInt(9)) {
      case 0 -> message.remove(at);
      case 1 -> message.add(random.nextInt(message.size() + 1), field.copy());
      case 2 -> pick(messages).add(field.copy());
      case 3 -> Collections.swap(message, at, random.nextInt(message.size()));
      case 4 -> message.set(at, field.number(1 + random.nextInt(20)));
      case 5, 6 -> number();
      case 7 -> text();
      default -> data();
    }
  }

  /** One of all fields of a kind, if there are any, becomes another. */
  private void replace(List<ProtoField> candidates, ProtoField.Change change) {
    if (!candidates.isEmpty()) {
      ProtoField chosen = pick(candidates);
      messages.forEach(message -> message.replaceAll(field -> field == chosen ? change.of(chosen) : field));
    }
  }

  private void number() {
    replace(fields.stream().filter(ProtoField::isNumber).toList(), field -> field.value(random.nextInt(3) == 0
        ? field.value() + (random.nextBoolean() ? 1 : -1)
        : NUMBERS[random.nextInt(NUMBERS.length)]));
  }

  private void text() {
    List<ProtoField> texts = fields.stream().filter(ProtoField::isText).toList();
    replace(texts, field -> field.bytes(random.nextInt(3) > 0 ? pick(texts).bytes()
        : pick(TEXTS).getBytes(StandardCharsets.UTF_8)));
  }

  private void data() {
    replace(fields.stream().filter(field -> field.bytes().length > 7).toList(),
        field -> field.bytes(random.nextBoolean()
            ? Arrays.copyOf(field.bytes(), random.nextInt(2 * field.bytes().length))
            : ByteDamage.apply(field.bytes().clone(), random)));
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
