{
  description = "The smallest code machine: one command more than an empty one";

  outputs = { self }: {
    nixosModules.default = { pkgs, ... }: {
      environment.systemPackages = [ (pkgs.writeShellScriptBin "hello" ''echo "Hello from $HOSTNAME"'') ];
    };
  };
}
