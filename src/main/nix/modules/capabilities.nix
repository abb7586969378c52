{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.codchi;
in
{
  options.codchi.requiredCapabilities = mkOption {
    type = types.listOf (types.enum [ "display" "sound" "gpu" "usb" "ssh-agent" "git-credentials" "certificates" "proxy" ]);
    default = [ ];
    example = [ "display" "gpu" ];
    description = ''
      What this machine needs from the host to be of use. Before the machine is built, codchi asks its owner whether it
      may have it, and says what the host lacks, instead of letting the first program fail. What a machine can use
      without needing it is asked for, too, but may be refused.
    '';
  };
  options.codchi.capabilities = mkOption {
    type = types.attrsOf (types.listOf types.str);
    internal = true;
    readOnly = true;
    description = "What the host reads before the build.";
    default = {
      required = lib.unique cfg.requiredCapabilities;
      wanted = lib.unique ([ "display" "sound" "ssh-agent" "git-credentials" "certificates" "proxy" ] ++ lib.optional cfg.gpu.enable "gpu");
    };
  };

  config.codchi.files."capabilities.json" = pkgs.writeText "capabilities.json" (builtins.toJSON ({ schema = 1; } // cfg.capabilities));
}
