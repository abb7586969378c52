# shellcheck shell=bash
# Makes the running system this one: switch-to-configuration switch|test|boot|dry-activate
# Exit: 0 done, 100 only a restart can do it, 1 usage, 2 activation failed, 4 a unit could not be started or restarted.
set -uo pipefail
new=@out@
action=${1-}
case $action in
  switch | test | boot | dry-activate) ;;
  *) echo "usage: $0 switch|test|boot|dry-activate" >&2; exit 1 ;;
esac
if [ "$action" = boot ]; then exit 0; fi
# As NixOS with another version of init; here a module says so with a file.
if ! [ "$(cat $new/etc/init-interface-version 2>/dev/null)" = "$(cat /run/current-system/etc/init-interface-version 2>/dev/null)" ]; then
  echo "the new system has another init, which only a restart can bring" >&2
  exit 100
fi

old=$(readlink -f /etc/systemd/system)
next=$(readlink -f $new/etc/systemd/system)
# Everything about one unit of a unit directory, as one line; empty when it is not there.
face() {
  { [ ! -e "$1/$2" ] || readlink -f "$1/$2"
    for d in "$1/$2.d"/*; do [ ! -e "$d" ] || readlink -f "$d"; done; } | sort | tr '\n' ' '
}
names() { (cd "$1" && find . -maxdepth 1 \( -name '*.service' -o -name '*.socket' -o -name '*.timer' -o -name '*.path' -o -name '*.target' -o -name '*.d' \) | sed 's|^\./||; s|\.d$||'); }
restart=() stop=() reload=()
while read -r unit; do
  before=$(face "$old" "$unit") after=$(face "$next" "$unit")
  if [ "$before" = "$after" ]; then continue; fi
  state=$(systemctl show -P ActiveState -- "$unit" 2>/dev/null)
  if [ "$state" != active ] && [ "$state" != activating ] && [ "$state" != reloading ]; then continue; fi
  case $after in
    "" | *"/dev/null "*) stop+=("$unit"); continue ;;
  esac
  # shellcheck disable=SC2086 # several files
  text=$(cat $after 2>/dev/null)
  case $text in *X-RestartIfChanged=false*) continue ;; esac
  case $unit in
    dbus.service | systemd-logind.service | systemd-journald.service | user@*.service) ;;
    *.target) ;;
    *) case $text in *X-ReloadIfChanged=true*) reload+=("$unit") ;; *) restart+=("$unit") ;; esac ;;
  esac
done < <({ names "$old"; names "$next"; } | sort -u)

if [ "$action" = dry-activate ]; then
  echo "would stop: ${stop[*]:-nothing}; restart: ${restart[*]:-nothing}; reload: ${reload[*]:-nothing}"
  exit 0
fi
status=0
if [ ${#stop[@]} -gt 0 ]; then
  echo "stopping the following units: ${stop[*]}" >&2
  systemctl stop -- "${stop[@]}" || status=4
fi
$new/activate || status=2
systemctl daemon-reload || status=4
systemd-tmpfiles --create --remove --exclude-prefix=/dev 2>/dev/null
if [ ${#reload[@]} -gt 0 ]; then
  echo "reloading the following units: ${reload[*]}" >&2
  systemctl reload -- "${reload[@]}" || status=4
fi
if [ ${#restart[@]} -gt 0 ]; then
  echo "restarting the following units: ${restart[*]}" >&2
  systemctl restart -- "${restart[@]}" || status=4
fi
# Whatever is newly wanted by a target that is reached already.
systemctl start -- sockets.target timers.target paths.target multi-user.target || status=4
exit $status
