package dev.carousel.cli.devices;

import dev.carousel.cli.console.WrongCall;
import java.util.List;
import java.util.stream.Collectors;

/** The devices that a call names. */
public final class Choice {
  private Choice() {}

  /** Those of these ids in the order of the ids; all where none is given. One that cannot be used is a wrong call. */
  public static List<Place> of(List<Place> places, List<String> ids) {
    return ids.isEmpty() ? places : ids.stream().distinct().map(id -> byId(places, id)).toList();
  }

  private static Place byId(List<Place> places, String id) {
    Place found = places.stream().filter(place -> place.device().id().equals(id)).findFirst()
        .orElseThrow(() -> WrongCall.of("There is no device %s. There are %s; 'carousel devices' says more.", id,
            places.stream().map(place -> place.device().id()).collect(Collectors.joining(", "))));
    found.device().unavailable().ifPresent(reason -> {
      throw WrongCall.of("Device %s cannot be used: %s", id, reason);
    });
    return found;
  }
}
