# One login environment for every way into the machine: login shells, codchi-exec, /bin/sh as IDE servers start it,
# and the user's systemd services.
{ config, lib, pkgs, ... }:
let
  cfg = config.codchi;
  shell = "${pkgs.bashInteractive}/bin/bash";

  # Started without an environment (by the container's exec, by an IDE's server), /bin/sh sets it first. A service has
  # its own on purpose (INVOCATION_ID), and a shell within a session has it already.
  sh = pkgs.writeScript "sh" ''
    #!${pkgs.bash}/bin/sh
    if [ -z "''${__NIXOS_SET_ENVIRONMENT_DONE-}" ] && [ -z "''${INVOCATION_ID-}" ] && [ -n "''${HOME-}" ] && [ -r /etc/set-environment ]; then
      . /etc/set-environment
    fi
    exec ${pkgs.bash}/bin/sh "$@"
  '';

  # systemd reads the environment of the user's services from this program's output.
  generator = pkgs.writeScript "codchi-user-environment" ''
    #!${shell}
    # It refuses all of that when one value is no text.
    is_text() {
      local LC_ALL=C
      case $1 in *[!$'\x01'-$'\x7f']*) ! LC_ALL=C.UTF-8 ${pkgs.gnugrep}/bin/grep -qaxv '.*' <<<"$1" ;; esac
    }
    declare -A before
    while IFS= read -r -d "" entry; do before[''${entry%%=*}]=''${entry#*=}; done < <(${pkgs.coreutils}/bin/env -0)
    if [ -r /etc/set-environment ]; then . /etc/set-environment; fi
    while IFS= read -r -d "" entry; do
      name=''${entry%%=*} value=''${entry#*=}
      case $name in _ | SHLVL | PWD | OLDPWD | __*) continue ;; esac
      if [ "''${before[$name]-not set}" != "$value" ] && is_text "$value"; then printf "%s='%s'\n" "$name" "''${value//\'/\'\"\'\"\'}"; fi
    done < <(${pkgs.coreutils}/bin/env -0)
  '';
in
{
  config = lib.mkMerge [
    {
      # Written by codchi in a running machine, or brought by `codchi tar` to a NixOS of one's own. Values are quoted, names checked.
      environment.extraInit = ''
        if [ -r /etc/codchi-env ]; then
          set -a
          . /etc/codchi-env
          set +a
        fi
      '';
    }
    (lib.mkIf cfg.driver.managed {
      environment.etc."codchi-env" = {
        source = "/run/codchi/env";
        mode = "direct-symlink";
      };
      environment.binsh = lib.mkForce "${sh}";
      environment.etc."systemd/user-environment-generators/60-codchi".source = generator;
      systemd.services."user@".after = [ "codchi-secrets.service" ];
      # What starts with a desktop (XDG autostart): at boot or, by codchi-deliver, later, as soon as there is a display.
      systemd.user.targets.codchi-desktop = {
        description = "Windows of this machine are on its owner's desktop";
        bindsTo = [ "graphical-session.target" ];
        wants = [ "graphical-session-pre.target" ] ++ lib.optional config.xdg.autostart.enable "xdg-desktop-autostart.target";
        after = [ "graphical-session-pre.target" ];
      };
      # A condition of the target itself would not keep what it wants from starting.
      systemd.user.services.codchi-desktop = {
        description = "Start what starts with a desktop, if there is one";
        wantedBy = [ "default.target" ];
        unitConfig.ConditionEnvironment = [ "|DISPLAY" "|WAYLAND_DISPLAY" ];
        serviceConfig = {
          Type = "oneshot";
          ExecStart = "${config.systemd.package}/bin/systemctl --user start --no-block codchi-desktop.target";
        };
      };
      # `runuser -l` opens a session that systemd knows.
      security.pam.services.runuser-l.startSession = true;
    })
  ];
}
