{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types literalExpression;
  cfg = config.codchi;
  welcome = ''
    echo "Welcome to the code machine ''${CODCHI_MACHINE_NAME:-$HOSTNAME}."
  '';
  script = pkgs.writeShellScript "codchi-init-script" (if cfg.initScript == null then "" else cfg.initScript);
in
{
  options.codchi.initScript = mkOption {
    type = types.nullOr types.lines;
    default = null;
    defaultText = literalExpression "a line that welcomes the user";
    example = ''
      git clone https://github.com/example/project ~/project
    '';
    description = ''
      A bash script that runs once in a new machine (after `codchi init` or `codchi clone`), as the user
      `codchi`, in the home directory, when the network and the secrets are there. Run it again with
      `codchi-init`. It starts with a line that welcomes the user; `lib.mkForce` replaces everything.
    '';
  };
  options.codchi.initScriptRuns = mkOption {
    type = types.bool;
    internal = true;
    readOnly = true;
    default = cfg.initScript != null && cfg.initScript != welcome;
    description = "Whether there is more to run than the welcome.";
  };

  config = {
    codchi.initScript = lib.mkBefore welcome;

    environment.systemPackages = [
      (pkgs.writeShellScriptBin "codchi-init" ''
        # Runs the machine's init script. With --once: only if it has not succeeded before.
        set -euo pipefail
        case ''${1-} in
          "" | --once) ;;
          *) echo "usage: codchi-init [--once]" >&2; exit 2 ;;
        esac
        done="''${XDG_STATE_HOME:-$HOME/.local/state}/codchi/init-done"
        if [ "''${1-}" = --once ] && [ -e "$done" ]; then exit 0; fi
        cd "$HOME"
        ${script}
        mkdir -p "''${done%/*}"
        touch "$done"
      '')
    ];

    # A machine without a script of its own starts nothing here.
    systemd.services.codchi-init = lib.mkIf (cfg.driver.managed && cfg.initScriptRuns) {
      description = "Set up the code machine once";
      wantedBy = [ "multi-user.target" ];
      wants = [ "codchi-secrets.target" ];
      after = [ "codchi-secrets.target" "network.target" "nss-user-lookup.target" "user@1000.service" ];
      unitConfig.ConditionPathExists = "!/home/${cfg.user}/.local/state/codchi/init-done";
      restartIfChanged = false;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        User = cfg.user;
        # Only the first start needs the network; asking for the target here keeps it out of every other boot.
        ExecStartPre = "+-${config.systemd.package}/bin/systemctl start network-online.target";
        ExecStart = "/run/current-system/sw/bin/codchi-exec codchi-init --once";
        TimeoutStartSec = "infinity";
        Environment = [ "HOME=/home/${cfg.user}" "USER=${cfg.user}" "LOGNAME=${cfg.user}" ];
        WorkingDirectory = "/home/${cfg.user}";
        StandardOutput = "journal";
      };
    };
  };
}
