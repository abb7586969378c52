# Wayland, sound, folders and USB of the host in a machine.
# shellcheck shell=bash disable=SC2154

# shellcheck source=../lib/session.bash
source "$here/lib/session.bash"

scenario_wayland_windows() {
  new_name wayland
  session
  wayland
  expect 0 codchi init --allow display "$name"
  # A real client of the host with its libraries: the stand-in system has none.
  local client home=$CODCHI_DATA_DIR/machine/$name library
  client=$(command -v weston-simple-shm)
  mkdir "$home/client"
  cp "$client" "$home/client/"
  for library in $(ldd "$client" | awk '/wayland|ffi/ { print $3 }'); do cp "$library" "$home/client/"; done
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo $WAYLAND_DISPLAY'
  prints /var/lib/codchi/session/wayland-0
  screenshot_of_wayland before.png
  background command "$CODCHI" exec "$name" env WAYLAND_DEBUG=1 LD_LIBRARY_PATH=/home/codchi/client /home/codchi/client/weston-simple-shm
  # Its second picture comes when the compositor has shown the first.
  soon second_picture
  screenshot_of_wayland after.png
  holds test "$(stat -c %s after.png)" -gt "$(stat -c %s before.png)"
  keep after.png wayland-window.png

  # Nothing of the session but what was allowed: not the bus, not the keyring.
  python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1])' "$XDG_RUNTIME_DIR/bus"
  expect 0 codchi exec "$name" ls -A /var/lib/codchi/session
  prints wayland-0

  # The compositor starts anew, as at the next login.
  kill "$weston_pid"
  tail --pid="$weston_pid" -f /dev/null
  wayland
  : >background.log
  background command "$CODCHI" exec "$name" env WAYLAND_DEBUG=1 LD_LIBRARY_PATH=/home/codchi/client /home/codchi/client/weston-simple-shm
  soon second_picture
}
# What the client says is in background.log; libwayland writes objects with @ or, since 1.23, with #.
second_picture() { (($(grep -c 'wl_surface[@#][0-9]*\.frame(' background.log) > 1)); }

# window TITLE: a GTK program of the machine shows a window, by whichever way GTK finds; what it says to a compositor is in background.log.
window() { background command "$CODCHI" exec "$name" env WAYLAND_DEBUG=1 XKB_CONFIG_ROOT=/home/codchi/host/share/xkb XDG_DATA_DIRS=/home/codchi/host/share host/yad --title="$1" --text="$1" --width=300; }

scenario_x11_windows_under_wayland_and_what_programs_fall_back_to() {
  new_name fallback
  session
  xwayland
  expect 0 codchi init --allow display "$name"
  host_program yad
  # What GTK cannot do without: keyboards, and how pictures are told apart.
  local share=$CODCHI_DATA_DIR/machine/$name/host/share
  mkdir -p "$share/mime"
  cp -r /usr/share/X11/xkb "$share/"
  cp /usr/share/mime/mime.cache "$share/mime/"
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "$WAYLAND_DISPLAY $DISPLAY"'
  prints "/var/lib/codchi/session/wayland-0 :0"

  # A program that knows nothing but X11, on the compositor's screen.
  background command "$CODCHI" exec "$name" /usr/bin/xeyes
  soon on_screen xeyes
  soon eyes_on_wayland
  keep after.png xwayland-window.png

  # A program that knows both takes Wayland.
  window by-wayland
  soon grep -q 'set_title("by-wayland")' background.log
  fails on_screen by-wayland

  # Without a compositor, its socket still there: the same program takes X11.
  kill -9 "$weston_pid"
  tail --pid="$weston_pid" -f /dev/null
  holds test -S "$XDG_RUNTIME_DIR/$WAYLAND_DISPLAY"
  x_server
  window by-x11
  soon on_screen by-x11

  # Without both it says so.
  kill -9 "$x_pid"
  tail --pid="$x_pid" -f /dev/null
  expect 1 codchi exec "$name" host/yad --title=nowhere
  says "cannot open display"
}
# Its eyes are white; of all else only some lines are.
eyes_on_wayland() {
  screenshot_of_wayland after.png
  (($(convert after.png txt:- | grep -c '#FFFFFF') > 2000))
}

# played FILE: what the machine's player made of the tone.
played() {
  pitch recorded >heard
  read -r loudest hertz <heard
  holds test "$loudest" -gt 10000
  holds test "$hertz" -ge 425
  holds test "$hertz" -le 455
  expect 0 echo "recorded on the host: $hertz Hz, loudest sample $loudest of 20000"
  record "$1" "play a tone of 440 Hz in the machine"
}

scenario_sound_of_a_machine_is_heard() {
  new_name sound
  session
  sound_server
  expect 0 codchi init --allow sound "$name"
  local home=$CODCHI_DATA_DIR/machine/$name player=(/usr/bin/pacat --raw --rate=8000 --channels=1 --format=s16le tone)
  tone "$home/tone"
  parec --raw --rate=8000 --channels=1 --format=s16le -d nowhere.monitor >recorded &
  background+=($!)
  expect 0 codchi exec "$name" "${player[@]}"
  soon played_anything
  played pulseaudio
  cp heard first

  # The server starts anew while a program in the machine waits: it finds the new one without codchi.
  background command "$CODCHI" exec "$name" sh -c "touch waiting; until test -e again; do sleep 0.1; done; ${player[*]}; touch done"
  soon test -e "$home/waiting"
  kill -9 "$pulse_pid"
  tail --pid="$pulse_pid" -f /dev/null
  sound_server
  parec --raw --rate=8000 --channels=1 --format=s16le -d nowhere.monitor >recorded &
  background+=($!)
  touch "$home/again"
  soon test -e "$home/done"
  soon played_anything
  played pulseaudio

  # Without a server a machine starts all the same.
  kill -9 "$pulse_pid"
  expect 0 codchi restart "$name"
}

played_anything() { pitch recorded; }

scenario_sound_of_a_machine_is_heard_through_pipewire() {
  new_name pipewire
  session
  pipewire_settings
  pipewire_socket
  start_pipewire
  pipewire_policy
  # No socket of PulseAudio's: PipeWire's own is the only way.
  expect 0 codchi init --allow sound "$name"
  local home=$CODCHI_DATA_DIR/machine/$name share=/usr/share/pipewire
  host_program pw-cat pipewire-0.3 spa-0.2/support spa-0.2/audioconvert
  cp "$share/client.conf" "$share/client-rt.conf" "$home/host/"
  wave "$home/tone.wav"
  local player=(env "PIPEWIRE_CONFIG_DIR=/home/codchi/host" "PIPEWIRE_MODULE_DIR=/home/codchi/host/lib/pipewire-0.3"
    "SPA_PLUGIN_DIR=/home/codchi/host/lib/spa-0.2" host/pw-cat --playback --target nowhere tone.wav)
  # shellcheck disable=SC2016
  expect 0 codchi exec "$name" sh -c 'echo "$PIPEWIRE_REMOTE [$PULSE_SERVER]"'
  prints "/var/lib/codchi/session/pipewire-0 []"
  record_pipewire expect 0 codchi exec "$name" "${player[@]}"
  played pipewire

  # The server is killed and starts anew while a program in the machine waits: it finds the new one without codchi.
  background command "$CODCHI" exec "$name" sh -c "touch waiting; until test -e again; do sleep 0.1; done; ${player[*]} && touch done"
  soon test -e "$home/waiting"
  start_pipewire
  pipewire_policy
  touch "$home/again"
  record_pipewire soon test -e "$home/done"
  played pipewire

  # Where nobody keeps the socket a new server makes another one: the next command of codchi leads there.
  kill "${background[0]}"
  timeout 20 tail --pid="${background[0]}" -f /dev/null
  expect 1 codchi exec "$name" "${player[@]}"
  rm "$XDG_RUNTIME_DIR/pipewire-0"
  background pipewire
  pipewire_policy
  record_pipewire expect 0 codchi exec "$name" "${player[@]}"
  played pipewire
}

scenario_folders_are_shared() {
  new_name folders
  mkdir -p own/deep secret
  echo before >own/deep/file
  expect 2 codchi init --share "$work/none" "$name"
  says CODCHI-CAP-004
  expect 2 codchi init --share "$HOME" "$name"
  says "home directory"
  expect 2 codchi init --share / "$name"
  fails test -e "$CODCHI_CONFIG_DIR/machine/$name"
  expect 0 codchi init --share "$work/own" "$name"
  local inside=/host$(readlink -f own)
  expect 0 codchi exec "$name" sh -c "cat $inside/deep/file; echo after >$inside/deep/file; id >$inside/made"
  prints before
  same "$(<own/deep/file)" after "file"
  same "$(stat -c %u own/made)" "$(id -u)" "owner on the host"

  # read-only from now on, at once
  expect 0 codchi share add "$name" "$work/own:ro"
  expect 1 codchi exec "$name" sh -c "echo no >$inside/made"
  expect 0 codchi --json share list "$name"
  same "$(jq -c '.folders[] | [.target, .read_only, .present]' <<<"$stdout")" "[\"$inside\",true,true]" "shares"

  # two at once, whose paths have the same hash code in Java
  mkdir Aa BB
  command "$CODCHI" --no-input share add "$name" "$work/Aa" >other.out 2>&1 </dev/null &
  local other=$!
  expect 0 codchi share add "$name" "$work/BB"
  wait "$other" || unexpected "the other one failed: $(<other.out)"
  expect 0 codchi exec "$name" sh -c "test -d /host$(readlink -f Aa) && test -d /host$(readlink -f BB)"
  expect 0 codchi share remove "$name" "$work/Aa"
  expect 0 codchi share remove "$name" "$work/BB"

  # a link that takes the folder's place leads to nothing
  mv own moved
  ln -s "$work/secret" own
  echo treasure >secret/file
  expect 0 codchi restart "$name"
  expect 1 codchi exec "$name" sh -c "cat $inside/file 2>/dev/null"
  rm own
  mv moved own
  expect 0 codchi exec "$name" cat "$inside/deep/file"

  expect 0 codchi share remove "$name" "$work/own"
  expect 1 codchi exec "$name" sh -c "test -e $inside/deep"
  expect 3 codchi share remove "$name" "$work/own"

  # the machine's home on the host, with the person's program
  mkdir bin
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nprintf "%%s\\n" "$@" >>%q\n' "$work/opened" >bin/xdg-open
  chmod +x bin/xdg-open
  ln -s /etc "$CODCHI_DATA_DIR/machine/$name/out"
  mkdir -p "$CODCHI_DATA_DIR/machine/$name/a b"
  PATH=$work/bin:$PATH expect 0 codchi open "$name" "a b"
  same "$(<opened)" "$CODCHI_DATA_DIR/machine/$name/a b" "what was opened"
  expect 0 codchi open --print "$name" /home/codchi/
  prints "$CODCHI_DATA_DIR/machine/$name"
  expect 3 codchi open "$name" ../..
  expect 3 codchi open "$name" out
  expect 3 codchi open "$name" nothing
  # One that becomes the file manager, and one whose file manager has its output: neither is waited for.
  local opener
  for opener in 'exec sleep 90' 'sleep 90 &'; do
    printf '#!/bin/sh\n%s\n' "$opener" >bin/xdg-open
    PATH=$work/bin:$PATH expect 0 timeout 30 "$CODCHI" open "$name"
  done
  printf '#!/bin/sh\nexit 3\n' >bin/xdg-open
  PATH=$work/bin:$PATH expect 5 codchi open "$name"
  says CODCHI-CAP-006
}

scenario_usb_rules() {
  new_name usb
  expect 0 codchi init "$name"
  expect 2 codchi usb attach "$name" stick
  expect 0 codchi usb attach "$name" 0483:374B
  says "not plugged in"
  expect 0 codchi usb attach "$name" 1050:0407:serial-1
  expect 0 codchi usb list
  record usb
  expect 0 codchi --json usb list
  same "$(jq -c --arg n "$name" '[.devices[] | select(.machines == [$n]) | .device]' <<<"$stdout")" '["0483:374b","1050:0407:serial-1"]' "rules"
  # The container daemon watches for all devices of a kind; for one alone there is nothing to watch for.
  same "$(rest "/1.0/instances/$(container_of "$name")" | jq -c '[.metadata.devices[] | select(.type == "usb") | [.vendorid, .productid, .required]]')" \
    '[["0483","374b","false"]]' "devices"
  expect 0 codchi restart "$name"
  expect 0 codchi usb detach "$name" 0483:374b
  same "$(rest "/1.0/instances/$(container_of "$name")" | jq -c '[.metadata.devices[] | select(.type == "usb")]')" '[]' "devices"
  expect 3 codchi usb detach "$name" 0483:374b
}

# On a computer with a card this sees that its devices arrive; on one without, that the lack of them is in nobody's way.
scenario_gpu_is_given_where_there_is_one() {
  new_name gpu
  expect 0 codchi init --allow gpu "$name"
  find /dev/dri /dev/kfd /dev/nvidia[0-9]* -maxdepth 1 -type c '(' -name 'card*' -o -name 'renderD*' -o -name kfd -o -name 'nvidia*' ')' 2>/dev/null | sort >host || true
  rest "/1.0/instances/$(container_of "$name")" |
    jq -r '.metadata.devices[] | select(.type == "unix-char") | .source' | grep -E '^/dev/(dri|kfd|nvidia[0-9])' | sort >given || true
  same "$(<given)" "$(<host)" "devices of the machine and the host"
  while read -r node; do expect 0 codchi exec "$name" test -w "$node"; done <host
  expect 0 codchi restart "$name"
  expect 0 codchi capabilities list "$name"
  record gpu
  [[ -s host || $stdout == *"there is no graphics card"* ]] || unexpected "the card that is not there is not told"

  # The machine's half of NVIDIA's libraries, with an empty directory in place of the links that codchi makes where there is the driver.
  if ! [[ -e /dev/nvidiactl ]]; then
    expect 1 codchi exec "$name" printenv LD_LIBRARY_PATH
    mkdir "$CODCHI_DATA_DIR/host/$name/files/nvidia"
    expect 0 codchi exec "$name" printenv LD_LIBRARY_PATH
    prints /var/lib/codchi/host/nvidia
    expect 0 codchi exec "$name" sh -lc "LD_LIBRARY_PATH=/mine codchi-exec printenv LD_LIBRARY_PATH"
    prints /mine:/var/lib/codchi/host/nvidia
    expect 0 codchi restart "$name"
  fi
}
