package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.store.StoreStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code codchi store status}. */
@Command(name = "status", description = "Show what the store is doing and what it was made from.")
final class StoreStatusCommand implements Callable<Integer> {
  private final StoreStatus storeStatus;
  private final Console console;

  StoreStatusCommand(StoreStatus storeStatus, Console console) {
    this.storeStatus = storeStatus;
    this.console = console;
  }

  @Override
  public Integer call() {
    StoreStatus.Report report = storeStatus.read();
    if (console.json()) {
      ObjectNode document = Json.document("store");
      document.put("state", report.state()).put("container", report.container());
      document.put("nix", report.nix()).put("data", report.data()).put("backend", report.backend());
      console.out().println(Json.pretty(document));
    } else {
      console.out().println("state:      " + report.state());
      console.out().println("container:  " + report.container());
      console.out().println("backend:    " + report.backend());
      console.out().println("nix:        " + report.nix());
      console.out().println("data:       " + report.data());
    }
    return 0;
  }
}
