{ config, lib, ... }:
{
  config = lib.mkIf (config.codchi.driver.name == "wsl") { };
}
