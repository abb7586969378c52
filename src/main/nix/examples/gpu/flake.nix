{
  description = "OpenGL and Vulkan on the host's graphics card";

  outputs = _: {
    nixosModules.default = ./module.nix;
  };
}
