package dev.carousel.formats.safetensors;

import dev.carousel.Dense;
import dev.carousel.Embedding;
import dev.carousel.Layer;
import dev.carousel.formats.data.FormatException;
import dev.carousel.formats.safetensors.StateDict.Kind;
import dev.carousel.formats.safetensors.StateDict.Module;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The search for the order in which modules follow each other: there must be just one in which all have a place. */
final class Chain {
  private static final int PATIENCE = 100_000; // steps; who has so many modules of one width must say their order

  private final StateDict dict;
  private final Map<String, List<Module>> modules;
  private final List<Layer> wanted;
  private final Set<String> used = new HashSet<>();
  private final List<Module> chain = new ArrayList<>();
  private final List<List<Placed>> found = new ArrayList<>();
  private int steps;

  private Chain(StateDict dict, List<Layer> wanted) throws FormatException {
    this.dict = dict;
    this.wanted = wanted;
    modules = dict.modules();
  }

  /**
   * The layers of all modules: a table if there is one, then the recurrent ones, then the linear ones, each as wide as
   * the one before it gives rows.
   *
   * @param advice what to do where widths alone do not say it
   */
  static List<Placed> inferred(StateDict dict, String advice) throws FormatException {
    return new Chain(dict, List.of()).only(advice);
  }

  /** The layers of all modules in the order in which their shapes are those of given layers. */
  static List<Placed> matched(StateDict dict, List<Layer> wanted, String advice) throws FormatException {
    return new Chain(dict, wanted).only(advice);
  }

  private List<Placed> only(String advice) throws FormatException {
    search(0);
    String named = modules.values().stream().map(List::getFirst).limit(50)
        .map(module -> module.from() + " (" + module.kind().name().toLowerCase(Locale.ROOT) + ", "
            + module.inputs() + " to " + module.outputs() + ")")
        .collect(Collectors.joining(", "));
    if (found.size() == 1 && steps <= PATIENCE) {
      long linear = found.getFirst().stream().filter(placed -> placed.layer() instanceof Dense).count();
      FormatException.check(!wanted.isEmpty() || linear < 2,
          "%s holds the modules %s, and what stands between linear ones,"
              + " such as a ReLU, does not show in them. %s",
          dict.what(), named, advice);
      return found.getFirst();
    }
    throw FormatException.of("%s holds the modules %s, and there is %s in which they follow each other%s. %s",
        dict.what(),
        named, found.isEmpty() && steps <= PATIENCE ? "no order" : "more than one order",
        wanted.isEmpty() ? " by their widths" : " as the layers are said to", advice);
  }

  private void search(int position) {
    if (used.size() == modules.size() && (wanted.isEmpty() || position == wanted.size())) {
      found.add(placed());
      return;
    }
    for (List<Module> alternatives : modules.values()) {
      for (Module module : alternatives) {
        if (found.size() > 1 || steps++ > PATIENCE) {
          return;
        }
        if (!used.contains(module.from()) && (wanted.isEmpty() ? follows(module) : fits(module, position))) {
          used.add(module.from());
          chain.add(module);
          search(position + module.layers().size());
          chain.removeLast();
          used.remove(module.from());
        }
      }
    }
  }

  private boolean follows(Module module) {
    if (chain.isEmpty()) {
      return true;
    }
    Module last = chain.getLast();
    return module.kind() != Kind.TABLE && module.kind().compareTo(last.kind()) >= 0
        && module.inputs() == last.outputs();
  }

  private boolean fits(Module module, int position) {
    if (position + module.layers().size() > wanted.size()) {
      return false;
    }
    for (Placed own : module.placed()) {
      Placed other = new Placed(wanted.get(position + own.index()), own.from(), own.index());
      boolean table = module.kind() == Kind.TABLE;
      if (table != other.layer() instanceof Embedding || !other.shapes().equals(own.shapes())) {
        return false;
      }
    }
    return true;
  }

  /** With the layers that were wanted in place of those that names and shapes tell, which are less than all. */
  private List<Placed> placed() {
    List<Placed> placed = new ArrayList<>();
    chain.forEach(module -> placed.addAll(module.placed()));
    for (int i = 0; i < wanted.size(); i++) {
      placed.set(i, new Placed(wanted.get(i), placed.get(i).from(), placed.get(i).index()));
    }
    return placed;
  }
}
