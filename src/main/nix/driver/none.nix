# Any other NixOS: nothing but the options of the modules, and what a machine left behind: its environment in
# /etc/codchi-env, and with `codchi tar --secrets include` its secrets, there and in /etc/codchi-secrets/files.
{ config, lib, pkgs, ... }:
let
  cfg = config.codchi;
  quote = lib.escapeShellArg;
  env = lib.attrValues cfg.secrets.env;
  files = lib.attrValues cfg.secrets.files;
  declared = env != [ ] || files != [ ];

  # On the file system in memory that /run is, under the paths that the options name, as the host's delivery does it in a machine.
  place = pkgs.writeScript "codchi-place-secrets" ''
    #!${pkgs.bash}/bin/bash
    set -euo pipefail
    export PATH=${lib.makeBinPath [ pkgs.coreutils ]} LC_ALL=C
    umask 077
    new=$(mktemp -d /run/codchi/placed.XXXXXX)
    trap 'rm -rf -- "$new"' EXIT
    mkdir "$new/env" "$new/files"
    missing=()
    put() { # place, owner, group, mode, whether it may be missing; the value is standard input
      cat >"$new/$1"
      chown "$2:$3" "$new/$1"
      chmod "$4" "$new/$1"
    }
    variable() { # name, variable, whether it may be missing
      local value
      # In a shell of its own: the file sets whatever variables it likes.
      if value=$(unset "$2"; [ ! -r /etc/codchi-env ] || . /etc/codchi-env; [ -n "''${!2+set}" ] && printf %s. "''${!2}"); then
        printf %s "''${value%.}" | put "env/$1" ${quote cfg.user} "$group" 0400
      elif [ "$3" != true ]; then
        missing+=("env/$1")
      fi
    }
    file() { # name, owner, group, mode, whether it may be missing
      if [ -e "/etc/codchi-secrets/files/$1" ]; then
        put "files/$1" "$2" "$3" "$4" <"/etc/codchi-secrets/files/$1"
      elif [ "$5" != true ]; then
        missing+=("files/$1")
      fi
    }
    group=$(id -g ${quote cfg.user})
    ${lib.concatMapStringsSep "\n" (s: "variable ${lib.escapeShellArgs [ s.name s.variable (lib.boolToString s.optional) ]}") env}
    ${lib.concatMapStringsSep "\n" (s: "file ${lib.escapeShellArgs [ s.name s.owner s.group s.mode (lib.boolToString s.optional) ]}") files}
    chmod 0755 "$new" "$new/env" "$new/files"
    ln -sfn /etc/codchi-env /run/codchi/env
    rm -rf /run/codchi/secrets
    mv -T "$new" /run/codchi/secrets
    trap - EXIT
    if [ "''${#missing[@]}" -gt 0 ]; then
      echo "these secrets have no value: ''${missing[*]}. Put files below /etc/codchi-secrets/files and variables into /etc/codchi-env, as \`codchi tar --secrets include' does, then restart codchi-secrets.service." >&2
      exit 1
    fi
  '';
in
{
  config = lib.mkIf (cfg.driver.name == "none") {
    # Units of modules order themselves after it, wherever they run.
    systemd.targets.codchi-secrets = {
      description = "Secrets of the code machine are in place";
      requires = lib.optional declared "codchi-secrets.service";
      after = lib.optional declared "codchi-secrets.service";
    };
    systemd.services.codchi-secrets = lib.mkIf declared {
      description = "Put the secrets that a code machine left into place";
      wantedBy = [ "multi-user.target" ];
      before = [ "codchi-secrets.target" ];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStartPre = "${pkgs.coreutils}/bin/mkdir -p -m 0755 /run/codchi";
        ExecStart = "${place}";
      };
    };
  };
}
