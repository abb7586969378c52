# The programs that the host calls in a machine, and the delivery of secrets. README.md says who does what.
{ config, lib, pkgs, ... }:
let
  cfg = config.codchi;
  shell = "${pkgs.bashInteractive}/bin/bash";
  coreutils = "${pkgs.coreutils}/bin";
  systemctl = "${config.systemd.package}/bin/systemctl";
  runuser = "${pkgs.util-linux}/bin/runuser";
  quote = lib.escapeShellArg;

  env = lib.attrValues cfg.secrets.env;
  files = lib.attrValues cfg.secrets.files;
  expected = map (s: "env/${s.name}") (lib.filter (s: !s.optional) env)
    ++ map (s: "files/${s.name}") (lib.filter (s: !s.optional) files);
  declared = env != [ ] || files != [ ];

  program = name: text: pkgs.writeScriptBin name "#!${shell}\n${text}";

  exec = program "codchi-exec" ''
    # codchi-exec PROGRAM [ARGUMENT...]: runs it in the login environment, in the current directory, with its arguments as they are.
    if [ $# -eq 0 ]; then
      echo "usage: codchi-exec PROGRAM [ARGUMENT...]" >&2
      exit 125
    fi
    unset __NIXOS_SET_ENVIRONMENT_DONE __ETC_PROFILE_SOURCED
    : "''${USER:=$(${coreutils}/id -un)}" "''${HOME:=/home/$USER}"
    export USER HOME
    if [ -r /etc/set-environment ]; then . /etc/set-environment; fi
    runtime=/run/user/$UID
    if [ -d "$runtime" ]; then
      export XDG_RUNTIME_DIR=$runtime
      if [ -S "$runtime/bus" ]; then export DBUS_SESSION_BUS_ADDRESS=unix:path=$runtime/bus; fi
    fi
    unset runtime
    if ! type -P -- "$1" >/dev/null 2>&1; then
      case $1 in
        */*) if [ -e "$1" ]; then echo "codchi: $1: cannot be executed" >&2; exit 126; fi ;;
      esac
      echo "codchi: $1: command not found" >&2
      exit 127
    fi
    if [ -d "$1" ]; then echo "codchi: $1: is a directory" >&2; exit 126; fi
    exec -- "$@"
  '';

  enter = program "codchi-enter" ''
    # codchi-enter PROGRAM [ARGUMENT...]: as root; becomes ${cfg.user} with all of its groups, then codchi-exec.
    if [ "$UID" -ne 0 ]; then echo "codchi-enter: run it as root, or use codchi-exec" >&2; exit 125; fi
    export USER=${cfg.user} LOGNAME=${cfg.user} HOME=/home/${cfg.user}
    exec ${pkgs.util-linux}/bin/setpriv --reuid=${cfg.user} --regid=users --init-groups -- ${exec}/bin/codchi-exec "$@"
  '';

  login = program "codchi-login" ''
    # codchi-login [PROGRAM [ARGUMENT...]]: as root, on a terminal. A login session of ${cfg.user} with its own service manager,
    # and in it the login shell, or the program in the login environment.
    if [ $# -eq 0 ]; then exec ${runuser} -l ${cfg.user}; fi
    exec ${runuser} -l -s ${shell} ${cfg.user} -- -c 'exec codchi-exec "$@"' codchi-login "$@"
  '';

  wait = program "codchi-wait" ''
    # codchi-wait: returns when the machine has booted, prints the state of its service manager.
    # Exit: 0 running or degraded (some unit failed, the machine is usable), 1 any other state.
    socket=/run/dbus/system_bus_socket
    if [ "$UID" -eq 0 ]; then socket=/run/systemd/private; fi
    until [ -S $socket ]; do ${coreutils}/sleep 0.01; done
    state=$(${systemctl} is-system-running --wait)
    printf '%s\n' "$state"
    [ "$state" = running ] || [ "$state" = degraded ]
  '';

  deliver = program "codchi-deliver" ''
    # codchi-deliver: as root, reads the host's environment and secrets from standard input and puts them in place, all or nothing.
    #
    #   codchi-deliver 1                 first line
    #   env NAME LENGTH                  an environment variable; LENGTH bytes follow the line, then a newline
    #   secret-env NAME LENGTH           the secret codchi.secrets.env.NAME
    #   secret-file NAME LENGTH          the secret codchi.secrets.files.NAME
    #   end                              last line
    #
    # Exit: 0 in place, 1 something failed, 65 the input is wrong; then nothing has changed.
    set -euo pipefail
    export PATH=${lib.makeBinPath [ pkgs.coreutils pkgs.gnugrep pkgs.util-linux config.systemd.package ]} LC_ALL=C
    umask 077
    die() { echo "codchi-deliver: $1" >&2; exit "''${2-65}"; }

    # Before systemd has started, /run may not be the one that the machine keeps, and accounts may not exist.
    until [ -S /run/systemd/private ]; do sleep 0.01; done
    mkdir -p -m 0755 /run/codchi
    exec 9>/run/codchi/.lock
    flock 9

    new=$(mktemp -d /run/codchi/delivery.XXXXXX)
    trap 'rm -rf -- "$new"' EXIT
    mkdir -p "$new/secrets/env" "$new/secrets/files"
    variables=()
    read -r magic version || die "the input is empty"
    [ "$magic $version" = "codchi-deliver 1" ] || die "the input does not begin with \`codchi-deliver 1'"

    # One value of $1 bytes into the file $2; the newline after it is read, too.
    take() {
      case $1 in "" | *[!0-9]*) die "the length \`$1' is not a number" ;; esac
      head -c "$1" >"$2"
      [ "$(stat -c %s "$2")" -eq "$1" ] || die "the input ends within a value"
      local rest
      IFS= read -r rest || die "the input ends after a value"
      [ -z "$rest" ] || die "a value is longer than its length says"
    }
    # The variable $1 from the file $2, quoted for every POSIX shell.
    variable() {
      case $1 in "" | [0-9]* | *[!A-Za-z0-9_]*) die "\`$1' is not the name of an environment variable" ;; esac
      local value
      IFS= read -r -d "" value <"$2" || true
      [ "$(printf %s "$value" | wc -c)" -eq "$(stat -c %s "$2")" ] || die "the variable $1 holds a zero byte"
      # systemd takes text only, and one value that is none would keep it from the whole file.
      local file=env
      if LC_ALL=C.UTF-8 grep -qaxv '.*' "$2"; then file=env-bytes; else variables+=("$1"); fi
      # Shells and systemd's EnvironmentFile both join the pieces; systemd knows no \' between them.
      printf "%s='%s'\n" "$1" "''${value//\'/\'\"\'\"\'}" >>"$new/$file"
    }

    : >"$new/env"
    finished=no
    while read -r kind name length; do
      case $kind in
        env)
          take "$length" "$new/value"
          variable "$name" "$new/value"
          rm "$new/value"
          ;;
        secret-env)
          case $name in
            ${lib.concatMapStrings (s: ''
              ${quote s.name})
                take "$length" "$new/secrets/env/$name"
                variable ${quote s.variable} "$new/secrets/env/$name"
                chown ${cfg.user}: "$new/secrets/env/$name"
                chmod 0400 "$new/secrets/env/$name"
                ;;
            '') env}
            *) die "the machine declares no secret codchi.secrets.env.$name" ;;
          esac
          ;;
        secret-file)
          case $name in
            ${lib.concatMapStrings (s: ''
              ${quote s.name})
                take "$length" "$new/secrets/files/$name"
                chown ${quote s.owner}:${quote s.group} "$new/secrets/files/$name"
                chmod ${s.mode} "$new/secrets/files/$name"
                ;;
            '') files}
            *) die "the machine declares no secret codchi.secrets.files.$name" ;;
          esac
          ;;
        end)
          finished=yes
          break
          ;;
        *) die "unknown kind of value \`$kind'" ;;
      esac
    done
    [ $finished = yes ] || die "the input ends before \`end'"
    missing=()
    for secret in ${lib.escapeShellArgs expected}; do
      if ! [ -e "$new/secrets/$secret" ]; then missing+=("$secret"); fi
    done

    if [ -e "$new/env-bytes" ]; then
      # A command for shells; for systemd a line without an assignment, which it skips.
      echo '[ ! -r /run/codchi/current/env-bytes ] || . /run/codchi/current/env-bytes' >>"$new/env"
      chown ${cfg.user}: "$new/env-bytes"
      chmod 0400 "$new/env-bytes"
    fi
    chown ${cfg.user}: "$new/env"
    chmod 0400 "$new/env"
    chmod 0755 "$new" "$new/secrets" "$new/secrets/env" "$new/secrets/files"
    old=$(readlink /run/codchi/current || true)
    changed() { [ "$(cat "$new/secrets/$1" 2>/dev/null | sha256sum)" != "$(cat "$old/secrets/$1" 2>/dev/null | sha256sum)" ]; }
    restart=()
    ${lib.concatMapStrings (s: lib.optionalString (s.restartUnits != [ ])
      "if [ -n \"$old\" ] && changed ${quote s.place}; then restart+=(${lib.escapeShellArgs s.restartUnits}); fi\n")
      (map (s: { inherit (s) restartUnits; place = "env/${s.name}"; }) env ++ map (s: { inherit (s) restartUnits; place = "files/${s.name}"; }) files)}

    # One rename puts everything in place; the names below /run/codchi go through `current`.
    ln -sfn "$new" /run/codchi/.current.new
    mv -T /run/codchi/.current.new /run/codchi/current
    trap - EXIT
    ln -sfn current/secrets /run/codchi/secrets
    ln -sfn current/env /run/codchi/env
    printf '%s\n' "''${missing[*]}" >"$new/missing"
    chmod 0644 "$new/missing"
    if [ -n "$old" ]; then rm -rf -- "$old"; fi

    ${lib.optionalString (cfg.driver.name == "lxd") "${cfg.trust}"}
    ${lib.optionalString (cfg.driver.name == "wsl") ''
      # A distribution has the name of its Windows; the machine has its own.
      name=$(. "$new/env"; printf %s "''${CODCHI_MACHINE_NAME-}")
      if [ -n "$name" ] && ! printf %s "$name" >/proc/sys/kernel/hostname; then echo "codchi-deliver: the machine does not get its name" >&2; fi
    ''}
    # Wakes codchi-secrets.service if it waits; starts it, and what it kept from starting, if it has given up.
    if [ -p /run/codchi/arrived ]; then exec 8<>/run/codchi/arrived; echo >&8; exec 8>&-; fi
    if systemctl is-failed --quiet codchi-secrets.service; then
      systemctl reset-failed codchi-secrets.service
      systemctl start --no-block codchi-secrets.service multi-user.target
    fi

    # Services of the user that start from now on see the values; values are in no argument list. The service manager takes only text:
    # what it refuses is left out.
    if [ -S /run/user/1000/systemd/private ] && [ "''${#variables[@]}" -gt 0 ]; then
      runuser -u ${cfg.user} -- ${shell} -c '
        set -a; . /run/codchi/env; set +a
        export XDG_RUNTIME_DIR=/run/user/1000
        if ! systemctl --user import-environment "$@" 2>/dev/null; then
          for name; do systemctl --user import-environment "$name" || echo "codchi-deliver: services of the user do not get $name" >&2; done
        fi
        systemctl --user start --no-block codchi-desktop.service || echo "codchi-deliver: what starts with the desktop was not started" >&2
      ' import "''${variables[@]}"
    fi
    if [ "''${#restart[@]}" -gt 0 ]; then systemctl try-restart -- "''${restart[@]}"; fi
  '';

  await = pkgs.writeScript "codchi-await-delivery" ''
    #!${shell}
    # Waits for the first delivery. The pipe is open before the look, so that no delivery is missed.
    set -euo pipefail
    umask 077
    ${coreutils}/mkdir -p -m 0755 /run/codchi
    if ! [ -p /run/codchi/arrived ]; then ${coreutils}/mkfifo -m 0600 /run/codchi/arrived; fi
    exec 8<>/run/codchi/arrived
    if ! [ -e /run/codchi/current/missing ]; then IFS= read -r _ <&8; fi
    read -r missing </run/codchi/current/missing || true
    if [ -n "$missing" ]; then
      echo "these secrets have no value: $missing. Set them on the host with \`codchi secrets set'." >&2
      exit 1
    fi
  '';
in
{
  config = lib.mkIf cfg.driver.managed {
    environment.systemPackages = [ exec enter login wait deliver ];

    # A machine that declares no secrets waits for nothing.
    systemd.targets.codchi-secrets = {
      description = "Secrets of the code machine are in place";
      requires = lib.optional declared "codchi-secrets.service";
      after = lib.optional declared "codchi-secrets.service";
    };
    systemd.services.codchi-secrets = lib.mkIf declared {
      description = "Wait for the host to deliver the secrets";
      wantedBy = [ "multi-user.target" ];
      before = [ "codchi-secrets.target" ];
      restartIfChanged = false;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = "${await}";
        TimeoutStartSec = "2min";
      };
    };
  };
}
