{ config, lib, pkgs, ... }:
let
  cfg = config.codchi.keyring;
in
{
  options.codchi.keyring.enable = lib.mkOption {
    type = lib.types.bool;
    default = false;
    example = true;
    description = ''
      Whether to run a keyring (the Secret Service of GNOME) for programs that store passwords there,
      such as IntelliJ IDEA, Visual Studio Code or Git's credential helper. It starts with the user's
      session and is unlocked on first use.
    '';
  };

  config = lib.mkIf cfg.enable {
    services.gnome.gnome-keyring.enable = true;
    programs.dconf.enable = lib.mkDefault true;
    # A code machine has no display manager that would start it.
    systemd.user.services.codchi-keyring = lib.mkIf config.codchi.driver.managed {
      description = "Keyring of the user";
      wantedBy = [ "default.target" ];
      serviceConfig = {
        ExecStart = "${pkgs.gnome-keyring}/bin/gnome-keyring-daemon --foreground --components=pkcs11,secrets --control-directory=%t/keyring";
        Restart = "on-abort";
      };
    };
  };
}
