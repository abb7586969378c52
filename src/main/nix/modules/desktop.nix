# Menu entries for the host: every visible .desktop file of the system with its icon, as plain files,
# because the host cannot follow links into the machine.
{ config, lib, pkgs, ... }:
let
  cfg = config.codchi;
  ico = cfg.driver.name == "wsl";
  collected = pkgs.runCommand "codchi-desktop" { nativeBuildInputs = lib.optional ico pkgs.imagemagick; } ''
    ${pkgs.runtimeShell} ${./desktop-files.sh} ${config.system.path}/share $out ${lib.optionalString ico "ico"}
  '';
in
{
  config = lib.mkIf cfg.driver.managed { codchi.files.desktop = collected; };
}
