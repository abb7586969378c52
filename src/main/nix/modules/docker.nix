{ config, lib, options, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.codchi.docker;
  inherit (config.codchi.driver) managed;
in
{
  options.codchi.docker = {
    enable = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = ''
        Whether to run a Docker daemon in the machine, with `docker` and `docker compose` for the user `codchi`.
        The daemon belongs to the machine alone. Membership of the group `docker` equals root in the machine,
        which `codchi` has anyway.
      '';
    };
    enableNvidia = mkOption {
      type = types.bool;
      default = false;
      example = true;
      description = ''
        Whether containers may use the host's NVIDIA card (`docker run --device nvidia.com/gpu=all ...`).
        Needs `codchi.docker.enable` and a host with NVIDIA's driver. On Linux, set `hardware.nvidia.package` to the version
        of the host's driver as well; it is unfree (`nixpkgs.config.allowUnfree = true`). On Windows WSL brings it.
      '';
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.enable {
      virtualisation.docker.enable = true;
      # Started by the first use: a machine should not pay for it at every boot.
      virtualisation.docker.enableOnBoot = lib.mkDefault false;
      users.groups.docker.members = [ config.codchi.user ];
      environment.systemPackages = [ pkgs.docker-compose ];
    })
    (lib.mkIf cfg.enableNvidia {
      assertions = [
        {
          assertion = cfg.enable;
          message = "codchi: `codchi.docker.enableNvidia' is set without a Docker daemon. Set `codchi.docker.enable = true' as well.";
        }
      ];
      codchi.requiredCapabilities = [ "gpu" ];
      hardware.nvidia-container-toolkit = { enable = true; }
        # The kernel's part of the driver is the host's: no NixOS option of the machine can prove that it is there.
        // lib.optionalAttrs (options.hardware.nvidia-container-toolkit ? suppressNvidiaDriverAssertion) {
          suppressNvidiaDriverAssertion = lib.mkIf managed true;
        };
    })
  ];
}
