package dev.carousel.conformance;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All cases. */
public final class Suite {
  /** The system property that selects cases by a part of their path. */
  public static final String PROPERTY = "case";

  private Suite() {}

  /** Every case of every family, in order; their paths are unique. */
  public static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(OperationCases.all());
    cases.addAll(MappingCases.all());
    cases.addAll(StepsCases.all());
    cases.addAll(LayerCases.all());
    cases.addAll(ShapingLayerCases.all());
    cases.addAll(NetworkCases.all());
    cases.addAll(GraphCases.all());
    cases.addAll(MetamorphicCases.all());
    cases.addAll(SessionCases.all());
    cases.addAll(SharedMemoryCases.all());
    cases.addAll(WalkCases.all());
    cases.addAll(MemoryCases.all());
    cases.addAll(ValueCases.all());
    Set<String> paths = new HashSet<>();
    for (Case one : cases) {
      if (!paths.add(one.path())) {
        throw new IllegalStateException(
            "Two cases are called " + one.path() + ". Their fields do not tell them apart.");
      }
    }
    return List.copyOf(cases);
  }

  /** The cases that {@code -Dcase=} selects; all without it. */
  public static List<Case> selected() {
    String part = System.getProperty(PROPERTY, "");
    return all().stream().filter(one -> one.path().contains(part)).toList();
  }
}
