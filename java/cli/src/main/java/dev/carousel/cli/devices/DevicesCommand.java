package dev.carousel.cli.devices;

import dev.carousel.Devices;
import dev.carousel.cli.console.Table;
import dev.carousel.formats.json.Json;
import dev.carousel.spi.Device;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the devices of every back end. */
@Command(name = "devices", mixinStandardHelpOptions = true, description = {
    "Lists every device of every back end, the preferred ones first, and why those cannot be used that cannot."}, footer = {
        "", "Each driver of OpenCL is asked in a process of its own: one that crashes or hangs costs its own line.", "",
        "Example:", "  carousel devices", "  carousel devices --json | jq -r '.[] | select(.unavailable == null).id'"})
public final class DevicesCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--json", description = "Print an array of objects with id, description, priority, and unavailable.")
  private boolean json;

  /** For picocli. */
  public DevicesCommand() {}

  @Override
  public Integer call() throws Exception {
    List<Device> devices = new ArrayList<>(Devices.list(backEnd -> !backEnd.equals(DeviceChoice.OPENCL)));
    devices.addAll(new Drivers(System.getenv()).devices());
    devices.sort(Devices.ORDER);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.of(devices.stream().map(Answer::json).toList()).pretty());
    } else {
      Table table = new Table();
      devices.forEach(device -> table.add(device.id(), device.unavailable()
          .map(reason -> "not available: " + reason).orElse(device.description())));
      table.print(out);
    }
    return 0;
  }
}
