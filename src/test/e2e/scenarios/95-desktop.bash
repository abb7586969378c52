# Machines on the host's desktop: menu entries, terminals, the tray.
# shellcheck shell=bash disable=SC2154
# shellcheck source=../lib/desktop.bash
source "$here/lib/desktop.bash"

# A module whose program "touchdown" has a menu entry with the lines $1, and further lines of its derivation $2.
entry_module() {
  cat <<N
{ pkgs, ... }: { environment.systemPackages = [ pkgs.hello (pkgs.runCommand "menu" { } ''
  mkdir -p \$out/share/applications \$out/share/pixmaps
  cat >\$out/share/applications/touchdown.desktop <<'E'
[Desktop Entry]
Type=Application
$1
E
  $2
'') ]; }
N
}

scenario_menu_entries_follow_the_machine() {
  own_directories
  a_display
  mkdir "$XDG_DATA_HOME/konsole"
  new_name menu
  # shellcheck disable=SC2016 # for the machine
  module menu "$(entry_module 'Name=Touch Down
Comment=Leaves a mark
Exec=sh -c "echo \\"\\$CODCHI_NAME one two\\" >mark" %F' '')"
  expect 0 codchi init "$name" "$url"
  local base entry
  base=$(container_of "$name") entry=$applications/$(container_of "$name").touchdown.desktop
  holds desktop-file-validate "$applications"/*.desktop
  holds grep -q "^Name=Touch Down ($name)$" "$entry"
  holds test -s "$(sed -n 's/^Icon=//p' "$applications/$base.hello.desktop")"
  # The menu is one that a desktop understands: both programs and the terminal are in the machine's submenu.
  same "$(submenu "$base")" "$base.desktop $base.hello.desktop $base.touchdown.desktop" "entries of the submenu"

  expect 0 grep -E '^(Name|Exec|Icon|Terminal)=' "$entry"
  record menu
  # Starting one starts the machine, without anything of the shell that made it.
  expect 0 codchi stop "$name"
  holds as_session gtk-launch "$base.touchdown"
  local mark=$CODCHI_DATA_DIR/machine/$name/mark
  eventually 30 test -s "$mark"
  same "$(<"$mark")" "$name one two" "what the program left"

  # Konsole's profile, too, where Konsole is there to read it.
  local profile=$XDG_DATA_HOME/konsole/$base.profile
  holds grep -qx "Command=.*/bin/codchi launch $name" "$profile"
  if type -P konsole >/dev/null; then
    expect 0 konsole --list-profiles
    holds grep -qx "$base" <<<"$stdout"
    expect 0 codchi stop "$name"
    a_session_bus
    konsole --nofork --profile "$base" >konsole.log 2>&1 &
    local konsole=$!
    end_with_scenario "$konsole"
    eventually 30 container_runs "$base"
    end_all "$konsole"
  fi

  # A rebuild brings entries up to date, a failure leaves them alone.
  module menu '{ pkgs, ... }: throw "no luck today"'
  expect 6 codchi rebuild "$name"
  holds test -e "$entry"
  module menu "$(greeting hello)"
  expect 0 codchi rebuild "$name"
  fails test -e "$entry"
  holds test -e "$applications/$base.desktop"
  expect 0 codchi rollback "$name"
  holds test -e "$entry"

  # What is not codchi's stays, even under such a name.
  printf '[Desktop Entry]\nType=Application\nName=Mine\nExec=true\n' >"$applications/$base.mine.desktop"
  expect 0 codchi --yes delete "$name"
  same "$(cd "$applications" && echo *)" "$base.mine.desktop" "entries after delete"
  fails test -e "$profile"
  fails grep -q . <(find "$XDG_CONFIG_HOME/menus" "$XDG_DATA_HOME/desktop-directories" "$CODCHI_DATA_DIR/icons" -name "*$name*")
}

# container_runs CONTAINER: asks the daemon, since codchi might start something.
container_runs() { rest "/1.0/instances/$1" | jq -e '.metadata.status == "Running"'; }

# Desktop entries in the submenu of container $1, read as a desktop reads menus.
submenu() {
  python3 - "$1" <<'P'
import os, sys, xdg.Menu
container = sys.argv[1]
with open('root.menu', 'w') as root:
    root.write('<Menu><Name>Applications</Name><DefaultAppDirs/><DefaultDirectoryDirs/><MergeDir>%s/menus/applications-merged</MergeDir></Menu>'
               % os.environ['XDG_CONFIG_HOME'])
def walk(menu):
    for entry in menu.getEntries():
        if isinstance(entry, xdg.Menu.Menu):
            yield from walk(entry)
        elif menu.Name == container:
            yield entry.DesktopFileID
print(*sorted(walk(xdg.Menu.parse(os.path.abspath('root.menu')))))
P
}

scenario_menu_entries_of_every_kind() {
  own_directories
  new_name odd
  # shellcheck disable=SC2016 # for nix and the machine
  module odd "$(entry_module 'Name=Quoted "Name" = 100%\nExec=false
Name[de]=Gänsefüßchen
Comment=A\nB\tC
Keywords=a;b\;c
Icon=there-is-none
Categories=Nonsense;X-Foo
Terminal=true
OnlyShowIn=Nowhere
MimeType=text/plain
Exec=sh -c "echo \\"two  words\\" \\$HOME %% `id`" %F %i %k %c %d
this is no line of an entry' 'cd $out/share/applications
  cp touchdown.desktop "spaced name 100%.desktop"
  printf "[Desktop Entry]\nType=Application\nName=Open\nExec=sh \"open\n" >open-quote.desktop
  printf "[Desktop Entry]\nType=Application\nExec=nameless\n" >nameless.desktop
  printf "[Desktop Entry]\nType=Application\nName=Hidden\nExec=a\nNoDisplay=true\n" >hidden.desktop
  printf "\377\376\000" >garbage.desktop
  : >empty.desktop
  for number in $(seq 200); do
    printf "[Desktop Entry]\nType=Application\nName=Program %s\nExec=program %%u\nIcon=icon\n" $number >many-$number.desktop
  done
  echo "no picture" >../pixmaps/icon.png')"
  expect 0 codchi init "$name" "$url"
  local base
  base=$(container_of "$name")
  # 200, one with odd texts and its copy, the stand-in's hello, the terminal
  same "$(find "$applications" -name "$base.*desktop" | wc -l)" 204 "number of entries"
  holds desktop-file-validate "$applications"/*.desktop
  same "$(grep -c '^Exec=' "$applications/$base.touchdown.desktop")" 1 "commands of an entry with a newline in its name"
  holds grep -q '^Exec=.*/bin/codchi launch .* program %u$' "$applications/$base.many-7.desktop"

  # Nothing to do is nothing written.
  touch -d 2020-01-01 "$applications"/*.desktop
  expect 0 codchi rebuild "$name"
  same "$(find "$applications" -name '*.desktop' -newermt 2021-01-01)" "" "entries that were written again"

  # A place that cannot be written costs a warning.
  chmod 500 "$applications"
  module odd "$(greeting hello)"
  expect 0 codchi rebuild "$name"
  says "warning:"
  chmod 700 "$applications"
  expect 0 codchi rebuild "$name"
  same "$(cd "$applications" && echo *)" "$base.desktop" "entries after the next rebuild"
}

scenario_menu_entries_survive_updates() {
  own_directories
  new_name update-menu
  local real
  real=$(readlink -f "$(type -P "$CODCHI")")
  # As a package manager lays programs out: a name in PATH, and behind it a directory with a version.
  mkdir -p bin v1 v2
  ln -s "$real" v1/codchi
  ln -s "$work/v1/codchi" bin/codchi
  expect 0 env PATH="$work/bin:$PATH" codchi --no-input init "$name"
  rm -r v1
  ln -s "$real" v2/codchi
  ln -sfn "$work/v2/codchi" bin/codchi
  local command
  command=$(sed -n 's/^Exec=//p' "$applications/$(container_of "$name").desktop")
  command=${command%% *}
  expect 0 as_session "$command" --version
  # Gone altogether from there, but in the session's PATH.
  rm -r bin
  expect 127 as_session "$command" --version
  says "is not where it was"
  mkdir bin2
  ln -s "$real" bin2/codchi
  expect 0 as_session env PATH="$work/bin2:/usr/bin:/bin" "$command" --version
}

scenario_terminal_opens_a_shell() {
  own_directories
  new_name terminal
  expect 0 codchi init "$name"
  # Without a display, told by one that is sure to do so in the moment that codchi looks; and what the environment tells codchi goes into the
  # launcher, passwords do not.
  mkdir bin
  # shellcheck disable=SC2016 # for the script
  printf '#!/bin/sh\n[ -n "$DISPLAY" ] || { echo "no display" >&2; exit 1; }\n' >bin/xterm
  chmod +x bin/xterm
  expect 5 env -u DISPLAY TERMINAL="$work/bin/xterm" CODCHI_STORE_SUBSTITUTERS=http://me:sesame@nowhere/ "$CODCHI" terminal "$name"
  says CODCHI-DSK-001
  holds grep -q CODCHI_DATA_DIR "$CODCHI_DATA_DIR/bin/codchi"
  fails grep -q sesame "$CODCHI_DATA_DIR/bin/codchi"
  expect 3 codchi terminal e2e-nobody
  a_display

  # A program with its arguments, in a machine that does not run.
  expect 0 codchi stop "$name"
  # shellcheck disable=SC2016 # for the machine
  expect 0 env TERMINAL=xterm "$CODCHI" terminal "$name" sh -c 'printf "%s|" "$@" >arguments; tty >tty' - 'two  words' '$HOME' '"'
  local home=$CODCHI_DATA_DIR/machine/$name
  eventually 90 test -s "$home/tty"
  # shellcheck disable=SC2016
  same "$(<"$home/arguments")" 'two  words|$HOME|"|' "arguments"
  holds grep -q ^/dev/pts "$home/tty"

  # A shell that takes keys, from the menu.
  as_session env TERMINAL=xterm gtk-launch "$(container_of "$name")"
  eventually 20 xdotool search --name "^$name$"
  local window
  window=$(xdotool search --name "^$name$" | head -n 1)
  eventually 30 shell_answers "$window" "$home/typed"
  keep_screenshot terminal 490x160+0+0
}

# Types into window $1 a command that makes file $2's name in the machine's home.
shell_answers() {
  test -e "$2" && return
  # Without a window manager the keys go where the pointer is.
  xdotool mousemove --window "$1" 20 20 type "touch ${2##*/}"
  xdotool key Return
  # The shell may not have come up yet; typing on and on would only fill its input.
  read -rt 2 <> <(:) || :
  test -e "$2"
}

scenario_tray_controls_machines() {
  own_directories
  a_display
  a_session_bus
  dunst >"$work/dunst.log" 2>&1 &
  end_with_scenario $!
  a_panel
  new_name tray
  module tray "$(greeting one)"
  expect 0 codchi init "$name" "$url"
  a_tray
  eventually 20 menu_number "$name – running"

  # The icon is on the display, and its menu is one that a person can use: Down to the machine, Right to its menu, Return to stop it.
  eventually 20 icon_visible
  # Other machines may stand before it.
  expect 0 codchi status --json
  local closed
  closed=$(panel_windows)
  # Keys that come before it is open go nowhere.
  eventually 20 menu_opens $((closed + 1))
  # shellcheck disable=SC2046 # several keys
  xdotool key --delay 300 $(jq -r --arg name "$name" '.machines[] | "Down", (select(.name == $name) | "Right", halt)' <<<"$stdout")
  eventually 10 panel_shows $((closed + 2))
  keep_screenshot tray 400x200+0+0
  xdotool key --delay 300 Return
  eventually 40 menu_number "$name – stopped"
  same "$(rest "/1.0/instances/$(container_of "$name")" | jq -r .metadata.status)" Stopped "state of the container"

  # What others do is seen, too.
  expect 0 codchi start "$name"
  eventually 5 menu_number "$name – running"

  choose "Open terminal" "$name"
  eventually 30 xdotool search --name "^$name$"

  # A job that fails is told on the desktop.
  module tray '{ pkgs, ... }: throw "no luck today"'
  # It would be over soon, perhaps before anybody looks: it waits for its turn.
  hold_machine
  choose Rebuild "$name"
  eventually 10 menu_number "Rebuilding $name"
  end_all "$holder"
  eventually 60 notified "Rebuilding $name did not work"
  eventually 5 gone_from_menu "Rebuilding $name"

  choose "Delete $name and all its files" "$name"
  eventually 40 gone_from_menu "$name"
  absent "/1.0/instances/$(container_of "$name")"
}

# panel_windows: how many windows of the panel and its plugins are on the display; an open menu is one more, and each below it.
panel_windows() { xdotool search --maxdepth 1 --onlyvisible --class 'panel|wrapper' | wc -l; }
panel_shows() { (($(panel_windows) == $1)); }

# menu_opens WINDOWS: clicks on the icon, and the panel comes to show that many windows.
menu_opens() {
  panel_shows "$1" && return
  xdotool mousemove 12 16 click 1
  for _ in {1..20}; do
    panel_shows "$1" && return
    read -rt 0.1 <> <(:) || :
  done
  # The panel had not yet been told of any lines: it shows nothing then.
  return 1
}

# hold_machine: the machine's lock is held, as by another codchi, until process $holder ends. (Not by flock, whose locks are others.)
hold_machine() {
  rm -f held
  python3 -c '
import fcntl, signal, sys
lock = open(sys.argv[1], "r+")
fcntl.lockf(lock, fcntl.LOCK_EX, 1, 1 << 40)
open("held", "w").close()
signal.pause()' "$CODCHI_DATA_DIR/lock/machine-$name.lock" &
  holder=$!
  end_with_scenario "$holder"
  eventually 30 test -e held
}

scenario_tray_survives_its_panel_and_is_alone() {
  own_directories
  a_display
  a_session_bus
  dunst >"$work/dunst.log" 2>&1 &
  end_with_scenario $!
  # Something that doctor finds.
  local orphan=$CODCHI_DATA_DIR/machine/e2e-orphan-$$
  mkdir -p "$orphan"

  # Before there is a panel.
  TERMINAL=xterm command "$CODCHI" --no-input tray >tray.log 2>&1 &
  local tray=$!
  end_with_scenario "$tray"
  eventually 30 menu_number Quit
  a_panel
  eventually 20 tray_registered
  kill "$panel"
  wait "$panel" || true
  # Another process of the panel's, which has to notice its end, is the one that knows.
  eventually 10 tray_unregistered
  a_panel
  eventually 20 tray_registered
  eventually 20 icon_visible

  expect 0 codchi tray
  says "already"
  eventually 20 notified "$orphan"
  same "$(notifications | grep -c "$orphan")" 1 "notifications of one finding"

  choose Quit
  wait "$tray"
  # Told once, not once for each session.
  a_tray
  eventually 20 menu_number Quit
  kill "$tray"
  wait "$tray" || true
  same "$(notifications | grep -c "$orphan")" 1 "notifications after another start"
  rmdir "$orphan"

  # Where it cannot be, and where it shall not start with the session.
  expect 5 env -u DBUS_SESSION_BUS_ADDRESS -u XDG_RUNTIME_DIR "$CODCHI" tray
  says CODCHI-DSK-002
  expect 0 codchi --set tray.autostart=false tray --autostart
}

# The way to the container daemon is a relay, which can be cut and laid again: to the tray that is a daemon that ends and comes back.
scenario_tray_follows_a_daemon_that_comes_and_goes() {
  own_directories
  a_display
  a_session_bus
  dunst >"$work/dunst.log" 2>&1 &
  end_with_scenario $!
  a_panel
  new_name cut
  expect 0 codchi init "$name"
  local daemon=$CODCHI_LXD_SOCKET
  lay_relay "$daemon"
  CODCHI_LXD_SOCKET=$work/daemon.socket a_tray
  eventually 20 menu_number "$name – running"

  # Nobody answers: the menu says so and claims nothing of machines, and it is told once.
  cut_relay
  eventually 20 menu_number "Nothing answers at the socket"
  fails menu_number "$name"
  eventually 20 notified "$work/daemon.socket"
  # The socket goes, too, as it does when LXD ends in an orderly way; a machine changes without a word to the tray.
  rm "$work/daemon.socket"
  eventually 10 menu_number "There is no socket"
  expect 0 codchi stop "$name"
  same "$(notifications | grep -cF "$work/daemon.socket")" 1 "notifications of a daemon that is away: $(notifications)"
  lay_relay "$daemon"
  eventually 10 menu_number "$name – stopped"
  fails menu_number "There is no socket"
  # It listens again, it does not only look.
  expect 0 codchi start "$name"
  eventually 5 menu_number "$name – running"

  # Only the connections end, as with a daemon that is restarted: what happened in between is seen.
  cut_relay
  expect 0 codchi stop "$name"
  lay_relay "$daemon"
  eventually 20 menu_number "$name – stopped"
  # The icon was there all the time, and the menu acts through the daemon that is back.
  holds tray_registered
  choose Start "$name"
  eventually 40 menu_number "$name – running"
  holds kill -0 "$tray"
  # Whoever started it from a terminal has read nothing of all that.
  same "$(<"$work/tray.log")" "" "what the tray said"
}

# lay_relay SOCKET: $work/daemon.socket leads to it; $relay is the process.
lay_relay() {
  rm -f "$work/daemon.socket"
  "$here/relay" "$work/daemon.socket" "$1" >>"$work/relay.log" 2>&1 &
  relay=$!
  end_with_scenario "$relay"
  eventually 10 test -S "$work/daemon.socket"
}

# cut_relay: it ends with all its connections, and leaves its socket behind.
cut_relay() {
  kill -9 "$relay"
  wait "$relay" || true
}

scenario_tray_starts_with_the_session() {
  own_directories
  a_display
  new_name autostart
  expect 0 codchi init "$name"
  local entry=$XDG_CONFIG_HOME/autostart/$CODCHI_INSTANCE_PREFIX-tray.desktop
  holds desktop-file-validate "$entry"
  # Something else that starts with the session tells that it has come so far.
  printf '[Desktop Entry]\nType=Application\nName=Mark\nExec=touch %s/started\n' "$work" >"$XDG_CONFIG_HOME/autostart/zz-mark.desktop"
  logs_in
  eventually 40 tray_registered
  eventually 20 icon_visible
  eventually 20 menu_number "$name – running"
  keep_screenshot session 400x200+0+0

  # Switched off in its menu: the session does not start it, and nothing of codchi switches it on again.
  holds starts_with_session 1
  choose "Start with the session" Settings
  eventually 10 starts_with_session 0
  holds desktop-file-validate "$entry"
  expect 0 codchi rebuild "$name"
  holds grep -q ^Hidden=true "$entry"
  logs_out
  logs_in
  fails pgrep -u "$UID" -f 'tray --autostart'
  # On again, by what the session's own settings do.
  a_tray
  sed -i '/^Hidden=/d' "$entry"
  eventually 10 starts_with_session 1
  choose Quit
  logs_out
  logs_in
  eventually 40 tray_registered

  # The settings of codchi have the last word.
  expect 0 codchi --set tray.autostart=false rebuild "$name"
  fails test -e "$entry"
}

# logs_in: a new session, with everything that starts with it.
logs_in() {
  rm -f started
  a_session_bus
  a_session
  eventually 40 test -e started
}
# logs_out: the session ends, and its bus; so does the tray.
logs_out() {
  local programs
  mapfile -t programs < <(grep -lzFx "DBUS_SESSION_BUS_ADDRESS=$own_bus" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3)
  kill "$session"
  wait "$session" || true
  end_all "$bus"
  # Whatever lives with a session's bus ends with it: the panel, the tray.
  for program in "${programs[@]}"; do timeout 20 tail --pid="$program" -f /dev/null || unexpected "still there: $(ps -o args= "$program")"; done
}

# starts_with_session STATE: what stands before the menu's line that switches it: 0 or 1.
starts_with_session() {
  local number
  number=$(menu_number "Start with the session" Settings) || return
  [[ $(tray_menu GetProperty "$number" toggle-state) == "(<$1>,)" ]]
}

tray_unregistered() { ! tray_registered; }

# The icon's own colour is where the panel has its first icon.
icon_visible() { import -window root -crop 32x32+0+0 txt:- | grep -F 'srgb(34,87,122)'; }

# What was shown; messages that still are come into the history first.
notifications() { dunstctl close-all && dunstctl history | jq -r '.data[][] | .summary.data + " " + .body.data'; }

notified() { notifications | grep -F "$1"; }

gone_from_menu() { ! menu_number "$1"; }
