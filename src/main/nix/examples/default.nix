{
  empty = { description = "Nothing but a code machine"; module = ./empty.nix; };
}
