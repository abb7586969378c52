{ config, lib, options, ... }:
let
  cfg = config.codchi;
  libraries = "/var/lib/codchi/host/nvidia";
  # The option that NixOS 24.11 renamed.
  graphics = set: if options.hardware ? graphics then { hardware.graphics = set; } else { hardware.opengl = set; };
in
{
  options.codchi.gpu.enable = lib.mkOption {
    type = lib.types.bool;
    default = cfg.driver.managed;
    defaultText = lib.literalExpression ''config.codchi.driver.name != "none"'';
    example = false;
    description = ''
      Whether programs in the machine may use the host's graphics card. On Linux the machine gets the host's
      render devices and uses its own Mesa, or the libraries of NVIDIA's driver where the host has that; on Windows it
      uses the libraries that WSL brings. Without a card on the host nothing changes.
    '';
  };

  config = lib.mkIf cfg.gpu.enable (lib.mkMerge [
    (graphics { enable = lib.mkDefault true; })
    {
      users.groups.video.members = [ cfg.user ];
      users.groups.render.members = [ cfg.user ];
    }
    (lib.mkIf (cfg.driver.name == "lxd") {
      # Links to NVIDIA's libraries and no others, made where the host has its driver: they fit the kernel's module, which is the host's.
      # They need each other, and the loader of NixOS looks neither at /etc/ld.so.cache nor, for what a library needs, at the path of
      # the program that asked for it; so this is a variable.
      environment.extraInit = ''
        if [ -d ${libraries} ]; then
          case ":''${LD_LIBRARY_PATH-}:" in
            *:${libraries}:*) ;;
            *) export LD_LIBRARY_PATH="''${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}${libraries}" ;;
          esac
        fi
      '';
    })
  ]);
}
