# A desktop for scenarios: a display, a session bus, directories of its own. Sourced by the scenarios that need it.
# shellcheck shell=bash disable=SC2154

# end_with_scenario PID: the process is ended when the scenario has.
started=()
end_with_scenario() {
  started+=("$1")
  trap 'end_desktop; tidy >/dev/null 2>&1' EXIT
}

# End what was started, and what the session bus started for it, and wait for that: a program that ends may still write its settings,
# and the scenario's directory is removed next.
end_desktop() {
  local services=()
  [[ -z ${own_bus-} ]] || mapfile -t services < <(grep -lzFx "DBUS_STARTER_ADDRESS=$own_bus" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3)
  end_all "${started[@]}" "${services[@]}"
}

# end_all PID...: they end, and have ended.
end_all() {
  local pid
  kill "$@" 2>/dev/null || true
  for pid; do timeout 20 tail --pid="$pid" -f /dev/null || echo "still running: $pid"; done
}

# eventually SECONDS COMMAND...: the command succeeds within that time. For what only a foreign program could tell, and does not.
eventually() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || unexpected "does not come to hold: $*"
    read -rt 0.1 <> <(:) || :
  done
}

# own_directories: XDG directories below $work, so that nothing of the test user's own desktop counts.
own_directories() {
  export XDG_DATA_HOME=$work/share XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache XDG_RUNTIME_DIR=$work/run
  mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"
  mkdir -pm 700 "$XDG_RUNTIME_DIR"
  applications=$XDG_DATA_HOME/applications
}

# a_display: an X server of its own; sets DISPLAY. It must not begin anew when its last client ends: the next one, which comes just then, would be refused.
a_display() {
  mkfifo "$work/displayfd"
  Xvfb -displayfd 5 -screen 0 800x600x24 -nolisten tcp -noreset 5>"$work/displayfd" >"$work/xvfb.log" 2>&1 &
  end_with_scenario $!
  local number
  read -rt 20 number <"$work/displayfd" || unexpected "no X server"
  export DISPLAY=:$number
}

# a_session_bus: a session bus of its own; sets DBUS_SESSION_BUS_ADDRESS; $bus is its process.
a_session_bus() {
  rm -f "$work/busfd"
  mkfifo "$work/busfd"
  dbus-daemon --session --nofork --print-address=5 5>"$work/busfd" >"$work/bus.log" 2>&1 &
  bus=$!
  end_with_scenario "$bus"
  read -rt 20 DBUS_SESSION_BUS_ADDRESS <"$work/busfd" || unexpected "no session bus"
  export DBUS_SESSION_BUS_ADDRESS
  own_bus=$DBUS_SESSION_BUS_ADDRESS
}

# panel_settings: Xfce's panel has nothing but a tray, at the top left of the display.
panel_settings() {
  local settings=$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml
  mkdir -p "$settings"
  cat >"$settings/xfce4-panel.xml" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
X
}

# a_panel: Xfce's panel with a tray; $panel is its process.
a_panel() {
  panel_settings
  xfce4-panel --disable-wm-check >>"$work/panel.log" 2>&1 &
  panel=$!
  end_with_scenario "$panel"
}

# a_session: Xfce's session with its panel, which starts what XDG autostart names, and nothing that the system would start; $session is its process.
a_session() {
  panel_settings
  mkdir -p "$work/no-system" "$work/.home"
  cat >"$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml/xfce4-session.xml" <<'X'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-session" version="1.0">
  <property name="general" type="empty"><property name="FailsafeSessionName" type="string" value="Failsafe"/></property>
  <property name="startup" type="empty">
    <property name="ssh-agent" type="empty"><property name="enabled" type="bool" value="false"/></property>
    <property name="gpg-agent" type="empty"><property name="enabled" type="bool" value="false"/></property>
  </property>
  <property name="sessions" type="empty">
    <property name="Failsafe" type="empty">
      <property name="IsFailsafe" type="bool" value="true"/>
      <property name="Count" type="int" value="1"/>
      <property name="Client0_Command" type="array">
        <value type="string" value="xfce4-panel"/><value type="string" value="--disable-wm-check"/>
      </property>
      <property name="Client0_PerScreen" type="bool" value="false"/>
    </property>
  </property>
</channel>
X
  as_session env HOME="$work/.home" XDG_CONFIG_DIRS="$work/no-system" xfce4-session >>"$work/session.log" 2>&1 &
  session=$!
  end_with_scenario "$session"
}

# a_tray: 'codchi tray' of this session; $tray is its process.
a_tray() {
  TERMINAL=xterm command "$CODCHI" --no-input tray >>"$work/tray.log" 2>&1 &
  tray=$!
  end_with_scenario "$tray"
  eventually 30 tray_registered
}

tray_registered() {
  [[ $(gdbus call --session --dest org.kde.StatusNotifierWatcher --object-path /StatusNotifierWatcher \
    --method org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher RegisteredStatusNotifierItems) == *StatusNotifierItem-* ]]
}

# tray_menu METHOD ARGUMENT...: call the menu of the tray.
tray_menu() {
  gdbus call --session --dest "dev.codchi.Tray.$CODCHI_INSTANCE_PREFIX" --object-path /MenuBar --method "com.canonical.dbusmenu.$1" "${@:2}"
}

# menu_number TEXT [BELOW]: the number of the menu's line TEXT, the first one after the line that begins with BELOW; fails when there is none.
menu_number() {
  tray_menu GetLayout 0 -- -1 '[]' | python3 -c '
import re, sys
text, below = sys.argv[1], sys.argv[2]
found = below == ""
for number, label in re.findall(r"\((\d+), \{[^}]*\x27label\x27: <\x27([^\x27]*)\x27>", sys.stdin.read()):
    if found and (label == text or below == "" and label.startswith(text)):
        print(number)
        sys.exit()
    found = found or label.startswith(below)
sys.exit(1)' "$1" "${2-}"
}

# choose TEXT [BELOW]: as if a person had chosen that line.
choose() {
  local number
  number=$(menu_number "$@") || unexpected "the menu has no line: $*"
  tray_menu Event "$number" clicked '<0>' 0 >/dev/null
}

# as_session COMMAND...: as a desktop session would run it, without codchi's settings.
as_session() {
  env -i HOME="$HOME" PATH=/usr/local/bin:/usr/bin:/bin DISPLAY="${DISPLAY-}" DBUS_SESSION_BUS_ADDRESS="${DBUS_SESSION_BUS_ADDRESS-}" \
    XDG_DATA_HOME="$XDG_DATA_HOME" XDG_CONFIG_HOME="$XDG_CONFIG_HOME" XDG_CACHE_HOME="$XDG_CACHE_HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" "$@"
}

# keep_screenshot NAME GEOMETRY: a part of what the display shows, for docs/, when CODCHI_SCREENSHOTS names a directory.
keep_screenshot() {
  [[ -z ${CODCHI_SCREENSHOTS-} ]] || import -window root -crop "$2" +repage -colors 64 "$CODCHI_SCREENSHOTS/$1.png"
}
