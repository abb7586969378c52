{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.codchi;
in
{
  options.codchi.requiredCapabilities = mkOption {
    type = types.listOf (types.enum [ "display" "sound" "gpu" "usb" "ssh-agent" "certificates" "proxy" ]);
    default = [ ];
    example = [ "display" "gpu" ];
    description = ''
      What this machine needs from the host to be of use. codchi checks it when the machine is made and says what
      is missing, instead of letting the first program fail. Everything the host has is offered to every machine
      anyway; the list only makes its absence an error.
    '';
  };

  config.codchi.files."capabilities.json" = pkgs.writeText "capabilities.json" (builtins.toJSON {
    schema = 1;
    required = lib.unique cfg.requiredCapabilities;
    wanted = lib.unique ([ "display" "sound" "ssh-agent" "certificates" "proxy" ] ++ lib.optional cfg.gpu.enable "gpu");
  });
}
