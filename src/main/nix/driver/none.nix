# Any other NixOS: nothing but the options of the modules, and the environment that a machine left behind.
{ config, lib, ... }:
{
  config = lib.mkIf (config.codchi.driver.name == "none") { };
}
