# A module may be empty: the machine is a NixOS with git, a shell and your home directory.
{ }
