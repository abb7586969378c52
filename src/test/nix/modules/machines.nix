# The systems that `boot` boots.
let
  nixpkgs = import ./nixpkgs.nix;
  driver = (import (/. + builtins.getEnv "CODCHI_DRIVER" + "/flake.nix")).outputs { self = driver; };
  toplevel = args: (driver.lib.codeMachine ({ inherit nixpkgs; } // args)).config.system.build.toplevel;
  machine = { config, ... }: {
    imports = [ driver.nixosModules.hello ];
    codchi.secrets.env.TOKEN.description = "a token";
    codchi.secrets.files.key = {
      description = "a key";
      owner = "root";
      group = "root";
      restartUnits = [ "reader.service" ];
    };
    codchi.initScript = ''echo "$CODCHI_MACHINE_NAME $CODCHI_TOKEN" >>~/init-log'';
    systemd.services.reader = {
      wantedBy = [ "multi-user.target" ];
      requires = [ "codchi-secrets.target" ];
      after = [ "codchi-secrets.target" ];
      serviceConfig.Type = "oneshot";
      serviceConfig.RemainAfterExit = true;
      script = "echo read $(cat ${config.codchi.secrets.files.key.path})";
    };
  };
in
{
  first = toplevel { modules = [ machine ]; };
  second = toplevel {
    modules = [
      machine
      {
        environment.etc.generation.text = "second";
        systemd.services.added = {
          wantedBy = [ "multi-user.target" ];
          script = "exec sleep infinity";
        };
      }
    ];
  };
  wsl = toplevel { driver = "wsl"; };
  # What `codchi tar` makes of a machine: its modules on a NixOS of one's own.
  none = toplevel {
    driver = "none";
    modules = [
      machine
      ({ lib, ... }: {
        boot.isContainer = true;
        # Of the container, as in a machine.
        networking.hostName = "";
        users.users.codchi = { isNormalUser = true; uid = 1000; };
        users.allowNoPasswordLogin = true;
        codchi.secrets.files.shared = { description = "shared"; mode = "0440"; };
        codchi.secrets.env.LATER = { description = "may come later"; optional = true; };
        systemd.services.from-variable = {
          wantedBy = [ "multi-user.target" ];
          requires = [ "codchi-secrets.target" ];
          after = [ "codchi-secrets.target" ];
          serviceConfig.Type = "oneshot";
          serviceConfig.RemainAfterExit = true;
          serviceConfig.EnvironmentFile = "/run/codchi/env";
          serviceConfig.LoadCredential = "key:/run/codchi/secrets/files/key";
          script = "printf '%s|%s' \"$CODCHI_TOKEN\" \"$(cat $CREDENTIALS_DIRECTORY/key)\" >/run/from-variable";
        };
      })
    ];
  };
}
