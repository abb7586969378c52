{ pkgs, ... }:
{
  environment.systemPackages = with pkgs; [ cargo rustc clippy rustfmt rust-analyzer gcc pkg-config ];

  # Where rust-analyzer finds the standard library.
  environment.sessionVariables.RUST_SRC_PATH = "${pkgs.rustPlatform.rustLibSrc}";
}
