# Certificate authorities and proxies of the host, in a machine that codchi runs.
{ config, lib, options, pkgs, ... }:
let
  preferred = lib.mkOverride 1100; # as in common.nix
  pki = config.security.pki;
  coreutils = "${pkgs.coreutils}/bin";
  # What the machine's own configuration trusts. NixOS before 24.11 does not say where it is.
  own = pki.caBundle or "${pkgs.cacert.override {
    blacklist = pki.caCertificateBlacklist;
    extraCertificateFiles = pki.certificateFiles;
    extraCertificateStrings = pki.certificates;
  }}/etc/ssl/certs/ca-bundle.crt";
  bundle = "/run/codchi/trust/ca-bundle.crt";
  everywhere = "/etc/ssl/certs/ca-certificates.crt";
in
{
  options.codchi.trust = lib.mkOption {
    type = lib.types.package;
    internal = true;
    readOnly = true;
    description = "As root: makes the bundle of what the machine's configuration and the host trust. Run at boot and with every delivery.";
    default = pkgs.writeScript "codchi-trust" ''
      #!${pkgs.bashInteractive}/bin/bash
      set -euo pipefail
      ${coreutils}/mkdir -p -m 0755 /run/codchi ${dirOf bundle}
      new=$(${coreutils}/mktemp ${dirOf bundle}/.new.XXXXXX)
      ${coreutils}/cat ${own} >"$new"
      # Where a file ends within a line, the next one must not begin in it.
      if [ -r /var/lib/codchi/host/ca-bundle.crt ]; then { echo; ${coreutils}/cat /var/lib/codchi/host/ca-bundle.crt; } >>"$new"; fi
      ${coreutils}/chmod 0644 "$new"
      ${coreutils}/mv -f "$new" ${bundle}
    '';
  };

  config = lib.mkIf (config.codchi.driver.name == "lxd") {
    system.activationScripts.codchi-trust = lib.stringAfter [ "etc" ] "${config.codchi.trust}";
    environment.etc = lib.genAttrs [ "ssl/certs/ca-certificates.crt" "ssl/certs/ca-bundle.crt" "pki/tls/certs/ca-bundle.crt" ] (_: {
      source = lib.mkForce bundle;
      mode = lib.mkForce "direct-symlink";
    });
    # Programs that bring authorities of their own, or look elsewhere. JDKs of nixpkgs take theirs from JAVAX_NET_SSL_TRUSTSTORE,
    # which comes with the host's delivery.
    environment.sessionVariables = lib.genAttrs [
      "SSL_CERT_FILE" "NIX_SSL_CERT_FILE" "CURL_CA_BUNDLE" "GIT_SSL_CAINFO" "REQUESTS_CA_BUNDLE" "PIP_CERT" "NODE_EXTRA_CA_CERTS" "CARGO_HTTP_CAINFO" "AWS_CA_BUNDLE"
    ] (_: preferred everywhere);
    security.sudo.extraConfig = ''
      Defaults env_keep += "http_proxy https_proxy ftp_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY NO_PROXY"
    '';
  };
}
