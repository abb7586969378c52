{ config, lib, pkgs, ... }:
{
  options.codchi.enableRecommendedConfig = lib.mkOption {
    type = lib.types.bool;
    default = true;
    example = false;
    description = ''
      Whether to add what almost every development machine wants: git, completion in bash, and the ability to run
      programs that were not made for NixOS (`programs.nix-ld`). Everything is a default that your
      own modules override.
    '';
  };

  config = lib.mkIf config.codchi.enableRecommendedConfig {
    programs.git.enable = lib.mkDefault true;
    programs.nix-ld.enable = lib.mkDefault true;
    environment.systemPackages = with pkgs; [ curl gzip xz ];
  };
}
