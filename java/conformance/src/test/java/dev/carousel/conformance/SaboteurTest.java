package dev.carousel.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carousel.Devices;
import dev.carousel.spi.Backend;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suite itself is tested: what is wrong is caught by the cases that are there for it, what is right is not. */
final class SaboteurTest {
  private static final List<Case> CASES = Suite.all();

  @Test
  void anHonestBackEndThatAddsInFloatPasses() {
    assertThat(failures(Flaw.NONE, "")).isEmpty();
  }

  /** The tolerance is neither so tight that honest roundings touch it nor so loose that ten of them would pass. */
  @Test
  void theToleranceIsNearWhatHonestRoundingsTake() {
    Map<Case, Outcome> outcomes = outcomes(Flaw.NONE, "");
    outcomes.keySet()
        .removeIf(
            one -> !EnumSet.of(Family.OPERATION, Family.LAYER, Family.NETWORK, Family.GRAPH).contains(one.family()));
    assertThat(outcomes.values()).allSatisfy(outcome -> assertThat(outcome.worst()).isPresent());
    double largest = outcomes.values().stream().mapToDouble(outcome -> outcome.worst().orElse(0)).max().orElse(0);
    System.out.printf("honest float sums take %.2f of the tolerance%n", largest);
    assertThat(largest).isBetween(0.1, 0.9);
  }

  @TestFactory
  Stream<DynamicTest> everyFlawIsCaughtByTheCaseThatIsThereForIt() {
    return Arrays.stream(Flaw.values()).filter(flaw -> flaw != Flaw.NONE)
        .map(flaw -> DynamicTest.dynamicTest(flaw.name(), () -> {
          String expected = catcher(flaw);
          Map<Case, Outcome> failures = failures(flaw, expected.substring(0, expected.indexOf('/') + 1));
          assertThat(failures.keySet()).as("cases that caught %s", flaw).extracting(Case::path).contains(expected);
          failures.values().forEach(outcome -> {
            assertThat(outcome.message()).isNotBlank();
            // What is wrong by its numbers is so by more than a unit; what was refused or thrown has none.
            assertThat(outcome.worst().orElse(Double.POSITIVE_INFINITY)).isGreaterThan(1);
          });
        }));
  }

  private static String catcher(Flaw flaw) {
    return switch (flaw) {
      case NONE -> "";
      case SWAPPED_GATES -> "operation/lstm_h8";
      case OFF_BY_ONE -> "operation/last_step_n8";
      case IGNORED_BIAS -> "operation/gemm_n8_m8_bias";
      case IGNORED_CLIP -> "operation/gru_after_h8_clip";
      case STALE_STATE -> "session/reset_state";
      case OVER_READ -> "memory/poisoned_lstm";
      case NEIGHBOUR_LEAK -> "metamorphic/rows_alone_lstm";
      case OLD_PEEPHOLE -> "operation/lstm_peephole_h8";
      case SUMMED_AVERAGE -> "operation/average_n8";
      case NO_RESET -> "operation/gru_after_h8";
      case MISPLACED_STATE -> "metamorphic/resting_row_gru_after";
      case FORWARD_ONLY -> "operation/gemm_scan_reverse";
      case BARE_SOFTMAX -> "values/softmax_saturated";
      case STALE_LENGTHS, STALE_ORDER, STALE_READ, STALE_OUTPUT -> "walk/walk_n0_0";
      case LENT_INDICES -> "session/index_memory_is_not_lent";
      case FETCHED_TWICE -> "session/indices_change_meanwhile";
      case STALE_AXIS -> "walk/walk_n10_0";
      case COUNTED_PADDING -> "operation/pool_mean_n8";
      case UNBIASED_VARIANCE -> "operation/normalise_n8";
      case NEIGHBOUR_ROWS -> "operation/gather_w3_stride1_same";
      case MIXED_BRANCHES -> "operation/subtract_n8";
      case SHIFTED_COLUMNS -> "operation/copy_views";
      case LOST_HISTORY, SHARED_HISTORY -> "operation/gather_history_w3_d1";
      case PADDING_OF_THE_LONGEST -> "operation/gather_w3_stride2_same";
    };
  }

  /** The failures among the cases of a family, {@code layer/}, or of all. */
  private static Map<Case, Outcome> failures(Flaw flaw, String family) {
    Map<Case, Outcome> outcomes = outcomes(flaw, family);
    outcomes.values().removeIf(outcome -> outcome.kind() != Outcome.Kind.FAIL);
    return outcomes;
  }

  private static Map<Case, Outcome> outcomes(Flaw flaw, String family) {
    try (Backend reference = reference(); Backend saboteur = new FloatBackend(flaw)) {
      return Support.run(CASES.stream().filter(one -> one.path().startsWith(family)).toList(), saboteur, reference);
    }
  }

  private static Backend reference() {
    return Devices.open(Devices.byId("reference"));
  }
}
