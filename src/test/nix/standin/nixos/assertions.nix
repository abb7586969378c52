{ lib, ... }:
{
  options = {
    assertions = lib.mkOption {
      type = lib.types.listOf lib.types.unspecified;
      internal = true;
      default = [ ];
      description = "Conditions that must hold for the configuration to evaluate.";
    };
    warnings = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      internal = true;
      default = [ ];
      description = "Messages shown when the configuration is evaluated.";
    };
    meta = lib.mkOption { type = lib.types.raw; default = { }; internal = true; description = "Maintainers and documentation of a module."; };
  };
}
