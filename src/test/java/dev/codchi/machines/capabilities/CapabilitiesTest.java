package dev.codchi.machines.capabilities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.driver.Device;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.progress.Progress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilitiesTest {
  /** Gives what the test says. */
  private static final class Prepared implements Capability {
    private final String name;
    private final Consent consent;
    private Offer offer = new Offer.Available("here");
    private List<Attachment> attachments = List.of();
    private @Nullable Failure failure;
    private String state = "1";
    private boolean limited;
    private int withdrawn;

    Prepared(String name, Consent consent) {
      this.name = name;
      this.consent = consent;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String purpose() {
      return "use " + name;
    }

    @Override
    public Consent consent() {
      return consent;
    }

    @Override
    public Offer offer() {
      return offer;
    }

    @Override
    public List<Attachment> attach(MachineSide machine) {
      if (failure != null) {
        throw failure;
      }
      return attachments;
    }

    @Override
    public String state(MachineSide machine) {
      return state;
    }

    @Override
    public boolean limitedToServers() {
      return limited;
    }

    @Override
    public void withdraw(MachineSide machine) {
      withdrawn++;
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** Says yes to some. */
  private static final class Person implements ConsentPrompt {
    private final List<String> asked = new ArrayList<>();
    private List<String> yes = List.of();
    private boolean there = true;

    @Override
    public boolean isAnswered() {
      return there;
    }

    @Override
    public boolean allows(String machine, Capability capability, List<String> servers) {
      asked.add(capability.name() + String.join("", servers));
      return yes.contains(capability.name());
    }
  }

  /** Keeps what was told. */
  private static final class Told implements Progress {
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @Override
    public Step begin(String what) {
      throw new AssertionError(what);
    }

    @Override
    public void note(String text) {
      notes.add(text);
    }

    @Override
    public void warn(String text) {
      warnings.add(text);
    }

    @Override
    public void detail(String line) {}

    @Override
    public void picture(IntFunction<List<String>> lines) {}
  }

  private final Prepared display = new Prepared("display", Capability.Consent.ASKED);
  private final Prepared agent = new Prepared("ssh-agent", Capability.Consent.ON_REQUEST);
  private final Prepared proxy = new Prepared("proxy", Capability.Consent.NOT_NEEDED);
  private final KnownCapabilities known = new KnownCapabilities(List.of(display, agent, proxy));
  private final Person person = new Person();
  private final Told told = new Told();
  private String allowedForAll = "";
  private final SettleConsents settle = new SettleConsents(() -> allowedForAll, known, person);

  @TempDir Path directory;
  private MachineSide machine;
  private PrepareAttachments prepare;

  @BeforeEach
  void place() throws IOException {
    machine =
        new MachineSide("web", directory.resolve("capabilities.json"), directory.resolve("host"));
    Path runtime = Files.createDirectory(directory.resolve("run"));
    prepare = new PrepareAttachments(known, Map.of("XDG_RUNTIME_DIR", runtime.toString()));
  }

  private static Wishes wishes(List<String> required, List<String> wanted) {
    return new Wishes(required, wanted);
  }

  private List<String> allowed(Wishes wishes) {
    return settle.allowed(machine, wishes).stream().map(Capability::name).toList();
  }

  @Test
  void everything_is_asked_once() {
    person.yes = List.of("display");
    Wishes all = wishes(List.of(), List.of("display", "ssh-agent", "proxy"));
    settle.settle(machine, all, List.of(), told);
    settle.settle(machine, all, List.of(), told);
    assertThat(person.asked).containsExactly("display");
    assertThat(allowed(all)).containsExactly("display", "proxy");
    assertThat(told.notes).isEmpty();
  }

  @Test
  void a_no_is_remembered_and_stands_against_the_settings() {
    Wishes all = wishes(List.of(), List.of("display"));
    settle.settle(machine, all, List.of(), told);
    allowedForAll = "sound, display";
    settle.settle(machine, all, List.of(), told);
    assertThat(person.asked).containsExactly("display");
    assertThat(allowed(all)).isEmpty();
  }

  @Test
  void settings_answer_for_all_machines() {
    allowedForAll = "display  ssh-agent";
    Wishes all = wishes(List.of("ssh-agent"), List.of("display"));
    settle.settle(machine, all, List.of(), told);
    assertThat(person.asked).isEmpty();
    assertThat(allowed(all)).containsExactly("display", "ssh-agent");
    assertThat(allowed(Wishes.none())).as("what the machine does not want").isEmpty();
  }

  @Test
  void what_is_required_and_refused_stops_the_build() {
    Failure refused =
        catchThrowableOfType(
            Failure.class,
            () -> settle.settle(machine, wishes(List.of("ssh-agent"), List.of()), List.of(), told));
    assertThat(refused.code()).isEqualTo(FailureCode.CAPABILITY_REFUSED);
    assertThat(person.asked).containsExactly("ssh-agent");
  }

  @Test
  void without_a_person_what_is_required_is_a_failure_and_what_is_wanted_a_note() {
    person.there = false;
    settle.settle(machine, wishes(List.of(), List.of("display", "ssh-agent")), List.of(), told);
    assertThat(told.notes)
        .singleElement()
        .asString()
        .contains("codchi capabilities allow web display");
    Failure unanswered =
        catchThrowableOfType(
            Failure.class,
            () -> settle.settle(machine, wishes(List.of("display"), List.of()), List.of(), told));
    assertThat(unanswered.code()).isEqualTo(FailureCode.NEEDS_ANSWER);
    assertThat(unanswered.nextStep()).contains("--allow display");
  }

  @Test
  void what_the_host_lacks_is_told_before_the_build_and_not_asked_for_when_only_wanted() {
    display.offer = new Offer.Absent("there is no desktop session");
    settle.settle(machine, wishes(List.of(), List.of("display")), List.of(), told);
    assertThat(person.asked).isEmpty();
    assertThat(told.warnings).isEmpty();
    person.yes = List.of("display");
    settle.settle(machine, wishes(List.of("display", "teleport"), List.of()), List.of(), told);
    assertThat(told.warnings)
        .anyMatch(text -> text.contains("there is no desktop session"))
        .anyMatch(text -> text.contains("teleport"));
  }

  @Test
  void a_question_names_the_servers_that_the_answer_is_for() {
    agent.limited = true;
    person.yes = List.of("ssh-agent");
    Wishes required = wishes(List.of("ssh-agent"), List.of());
    Failure nothingToAllow =
        catchThrowableOfType(
            Failure.class, () -> settle.settle(machine, required, List.of(), told));
    assertThat(nothingToAllow.code()).isEqualTo(FailureCode.NEEDS_ANSWER);
    assertThat(nothingToAllow.nextStep()).contains("--server");
    settle.settle(machine, required, List.of("git.test"), told);
    assertThat(person.asked).containsExactly("ssh-agentgit.test");
    assertThat(Consents.read(machine).serversOf("ssh-agent")).containsExactly("git.test");
  }

  @Test
  void settings_allow_nothing_that_is_limited_to_servers() {
    agent.limited = true;
    allowedForAll = "ssh-agent";
    assertThat(allowed(wishes(List.of(), List.of("ssh-agent")))).isEmpty();
  }

  @Test
  void servers_are_completed_where_none_were_named() {
    agent.limited = true;
    Consents plain = Consents.none().with("ssh-agent", true);
    assertThat(settle.complete("web", plain, List.of("a.test", "b.test")).serversOf("ssh-agent"))
        .containsExactly("a.test", "b.test");
    Consents named = Consents.none().with("ssh-agent", true, List.of("c.test"));
    assertThat(settle.complete("web", named, List.of("a.test"))).isEqualTo(named);
    Consents denied = Consents.none().with("ssh-agent", false);
    assertThat(settle.complete("web", denied, List.of())).isEqualTo(denied);
    Failure none =
        catchThrowableOfType(Failure.class, () -> settle.complete("web", plain, List.of()));
    assertThat(none.code()).isEqualTo(FailureCode.BAD_USAGE);
  }

  @Test
  void consents_keep_their_servers_and_those_of_older_versions_have_none() throws IOException {
    Consents some = Consents.none().with("x", true, List.of("a", "b")).with("y", false);
    some.write(machine);
    assertThat(Consents.read(machine)).isEqualTo(some);
    assertThat(some.with("x", false).servers()).isEmpty();
    Files.writeString(machine.consents(), "{\"schema\":1,\"consents\":{\"x\":true}}");
    assertThat(Consents.read(machine)).isEqualTo(Consents.none().with("x", true));
  }

  @Test
  void what_is_no_longer_allowed_is_withdrawn_until_that_succeeds() {
    prepare.prepare(machine, List.of(proxy, agent), told);
    agent.failure = Failure.of(FailureCode.SESSION_SYSTEMD, "no answer");
    prepare.prepare(machine, List.of(proxy), told);
    assertThat(told.warnings).singleElement().asString().contains("no answer");
    agent.failure = null;
    prepare.prepare(machine, List.of(proxy), told);
    prepare.prepare(machine, List.of(proxy), told);
    assertThat(agent.withdrawn).isEqualTo(2);
    prepare.forget(machine);
    assertThat(proxy.withdrawn).isOne();
  }

  @Test
  void damaged_answers_are_a_failure_and_no_consent() throws IOException {
    Files.writeString(machine.consents(), "{");
    Failure damaged =
        catchThrowableOfType(Failure.class, () -> settle.allowed(machine, Wishes.none()));
    assertThat(damaged.code()).isEqualTo(FailureCode.MACHINE_BROKEN);
  }

  private static Attachment file(String name, String content) {
    return new Attachment.HostFile(name, content.getBytes(StandardCharsets.UTF_8), 0640);
  }

  @Test
  void files_are_written_when_they_change_and_go_when_they_are_not_given() throws IOException {
    proxy.attachments =
        List.of(
            file("a/b", "one"),
            file("c", "two"),
            new Attachment.Link("l", "/x/Y"),
            new Attachment.Link("d/l", "/x/Z"));
    prepare.prepare(machine, List.of(proxy), told);
    Path first = machine.files().resolve("a/b");
    assertThat(first).hasContent("one");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
        .isEqualTo("rw-r-----");
    assertThat(Files.readSymbolicLink(machine.files().resolve("l"))).isEqualTo(Path.of("/x/Y"));
    assertThat(Files.readSymbolicLink(machine.files().resolve("d/l"))).isEqualTo(Path.of("/x/Z"));
    FileTime long_ago = FileTime.fromMillis(0);
    Files.setLastModifiedTime(first, long_ago);
    proxy.attachments = List.of(file("a/b", "one"), file("c", "three"));
    prepare.prepare(machine, List.of(proxy), told);
    assertThat(Files.getLastModifiedTime(first)).isEqualTo(long_ago);
    assertThat(machine.files().resolve("c")).hasContent("three");
    assertThat(machine.files().resolve("l")).doesNotExist();
    assertThat(machine.files().resolve("d")).doesNotExist();
    proxy.attachments = List.of();
    prepare.prepare(machine, List.of(proxy), told);
    assertThat(machine.files()).isEmptyDirectory();
    prepare.forget(machine);
    assertThat(machine.host()).doesNotExist();
  }

  @Test
  void a_new_state_is_noticed() {
    assertThat(prepare.changed(machine)).as("never given anything").isFalse();
    display.attachments = List.of(new Attachment.Variable("DISPLAY", ":0"));
    assertThat(prepare.prepare(machine, List.of(display), told).changed()).isTrue();
    assertThat(prepare.changed(machine)).isFalse();
    agent.state = "of another capability";
    assertThat(prepare.changed(machine)).isFalse();
    display.state = "2";
    assertThat(prepare.changed(machine)).isTrue();
    assertThat(prepare.prepare(machine, List.of(display), told).changed()).isFalse();
    assertThat(prepare.environment(machine)).containsExactly(Map.entry("DISPLAY", ":0"));
    assertThat(prepare.prepare(machine, List.of(), told).changed()).isTrue();
    assertThat(prepare.environment(machine)).isEmpty();
  }

  @Test
  void a_capability_that_fails_keeps_nothing_from_the_others() {
    display.failure = Failure.of(FailureCode.DISPLAY_REFUSED, "the server refuses");
    proxy.attachments = List.of(new Attachment.Variable("http_proxy", "http://p"));
    prepare.prepare(machine, List.of(display, proxy), told);
    assertThat(prepare.environment(machine)).containsKey("http_proxy");
    assertThat(told.warnings).singleElement().asString().contains("the server refuses");
  }

  @Test
  void sockets_are_linked_follow_their_server_and_share_nothing_else() throws IOException {
    Path socket = directory.resolve("run/wayland-7");
    Path other = directory.resolve("run/bus");
    try (ServerSocketChannel first = listen(socket);
        ServerSocketChannel _ = listen(other)) {
      display.attachments = List.of(new Attachment.Socket("wayland-0", socket));
      List<Device> devices = prepare.prepare(machine, List.of(display), told).devices();
      Path links = directory.resolve("run/codchi/web");
      assertThat(links).isDirectoryContaining(each -> each.endsWith("wayland-0"));
      assertThat(Files.isSameFile(links.resolve("wayland-0"), socket)).isTrue();
      assertThat(Files.list(links)).hasSize(1);
      String session = devices.getLast().name();

      // The server starts anew: another socket of that name.
      first.close();
      Files.delete(socket);
      try (ServerSocketChannel _ = listen(socket)) {
        assertThat(prepare.prepare(machine, List.of(display), told).devices()).isEqualTo(devices);
        assertThat(Files.isSameFile(links.resolve("wayland-0"), socket)).isTrue();
      }
      assertThat(session).startsWith("session-");
    }
  }

  @Test
  void a_new_login_has_other_devices_at_the_same_places() throws IOException {
    Path pulse = Files.createDirectory(directory.resolve("run/pulse"));
    display.attachments = List.of(new Attachment.SessionDirectory("pulse", pulse, "/inside"));
    List<Device> first = prepare.prepare(machine, List.of(display), told).devices();
    assertThat(prepare.prepare(machine, List.of(display), told).devices()).isEqualTo(first);
    Files.delete(directory.resolve("run/codchi/.id"));
    List<Device> second = prepare.prepare(machine, List.of(display), told).devices();
    assertThat(second).hasSameSizeAs(first).doesNotContainAnyElementsOf(first);
  }

  @Test
  void machines_are_not_mistaken_for_what_identifies_the_session() throws IOException {
    display.attachments = List.of(new Attachment.Socket("gone", directory.resolve("gone")));
    for (String name : List.of("web", "id")) {
      MachineSide side =
          new MachineSide(name, directory.resolve(name + ".json"), directory.resolve(name));
      assertThat(prepare.prepare(side, List.of(display), told).devices()).isNotEmpty();
    }
  }

  @Test
  void a_socket_elsewhere_is_told_and_left_out() throws IOException {
    display.attachments =
        List.of(
            new Attachment.Socket("gone", directory.resolve("gone")),
            new Attachment.Variable("A", "b"));
    prepare.prepare(machine, List.of(display), told);
    assertThat(told.warnings).singleElement().asString().contains("gone");
    assertThat(prepare.environment(machine)).containsKey("A");
  }

  private static ServerSocketChannel listen(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    return server;
  }

  @Test
  void wishes_of_another_version_are_none() {
    assertThat(Wishes.parse("[".getBytes(StandardCharsets.UTF_8))).isEqualTo(Wishes.none());
    assertThat(
            Wishes.parse(
                "{\"required\":[\"usb\"],\"wanted\":[\"usb\",\"gpu\"]}"
                    .getBytes(StandardCharsets.UTF_8)))
        .satisfies(it -> assertThat(it.all()).containsExactly("usb", "gpu"));
    assertThat(Optional.of(Wishes.none().all())).hasValueSatisfying(it -> assertThat(it).isEmpty());
  }
}
