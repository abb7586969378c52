{ config, lib, options, ... }:
let
  cfg = config.codchi;
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
      render devices and uses its own Mesa; on Windows it uses the libraries that WSL brings. Without a card on the
      host nothing changes.
    '';
  };

  config = lib.mkIf cfg.gpu.enable (lib.mkMerge [
    (graphics { enable = lib.mkDefault true; })
    {
      users.groups.video.members = [ cfg.user ];
      users.groups.render.members = [ cfg.user ];
    }
  ]);
}
