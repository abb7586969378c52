# The binary parts of the stand-in system: two fixed outputs that only a mirror can supply (`seed`, `debroot`),
# and ordinary derivations made from them that run without /usr, /lib64 or /bin/sh.
{ system, pins }:
let
  # Nothing builds these: they are found in the store or substituted from the mirror's binary cache.
  fixed = name: derivation {
    inherit name system;
    builder = "/bin/sh";
    args = [ "-c" "echo '${name}: not in the binary cache of the test bed; is the mirror up and listed as a substituter?' >&2; exit 1" ];
    outputHashMode = "recursive";
    outputHashAlgo = "sha256";
    outputHash = pins.${name}.hash;
  };

  # Static busybox: bin/sh and every applet.
  seed = fixed "seed";

  # usr/ and etc/ of a trimmed Debian 13.
  debroot = fixed "debroot";

  # What disk images are made with: a kernel with a few modules, a boot loader, and programs that run from there (`disk PROGRAM`).
  diskroot = fixed "diskroot";

  run = { name, script, env ? { } }: derivation (env // {
    inherit name system;
    builder = "${seed}/bin/sh";
    # The shell has to end last: nix kills a builder that closes its output before it ends, as many programs do on their way out.
    args = [ "-euc" "${script}\n:\n" ];
    PATH = "${seed}/bin";
  });

  libs = "${debroot}/usr/lib/x86_64-linux-gnu";
  loader = "ld-linux-x86-64.so.2";

  # Shell functions for the relocating builders: `patchelf`, and `needed FILE`, the libraries a program loads.
  tools = ''
    deb() { program=$1; shift; ${libs}/${loader} --library-path ${libs} ${debroot}/usr/bin/$program "$@"; }
    needed() { ${libs}/${loader} --library-path ${libs} --list "$1" | awk '$3 ~ /^\// { print $3 }'; }
    is_elf() { [ -f "$1" ] && [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }
  '';

  # The C library and its loader, one path for all, so that every program finds both by name.
  glibc = run {
    name = "glibc-${pins.versions.glibc}";
    script = tools + ''
      mkdir -p $out/lib
      for f in ${loader} libc.so.6 libm.so.6 libmvec.so.1 libdl.so.2 libpthread.so.0 librt.so.1 libutil.so.1 libresolv.so.2 \
               libanl.so.1 libnss_compat.so.2 libnss_dns.so.2 libnss_files.so.2 libnss_hesiod.so.2; do
        cp -L ${libs}/$f $out/lib/$f
      done
      chmod -R u+w $out
      # libc.so.6 and the loader stay as they are: they need nobody, and patching them breaks them.
      for f in $out/lib/lib[!c]*; do deb patchelf --force-rpath --set-rpath $out/lib $f; done
    '';
  };

  # One package: `copy` places files of debroot into $out, then every ELF file there gets its own libraries and the shared loader.
  relocate = { name, copy, after ? "" }: run {
    inherit name;
    script = tools + ''
      root=${debroot}
      mkdir -p $out/bin
      ${copy}
      chmod -R u+w $out
      elves=$(find $out -type f | while read -r f; do if is_elf "$f"; then echo "$f"; fi; done)
      for f in $elves; do
        for l in $(needed $f); do
          n=''${l##*/}
          [ -e ${glibc}/lib/$n ] || [ -e $out/lib/$n ] || { mkdir -p $out/lib; cp -L $l $out/lib/$n; }
        done
      done
      if [ -d $out/lib ]; then
        chmod -R u+w $out/lib
        for f in $out/lib/*.so*; do deb patchelf --force-rpath --set-rpath $out/lib:${glibc}/lib $f; done
      fi
      for f in $elves; do
        deb patchelf --set-interpreter ${glibc}/lib/${loader} $f 2>/dev/null || true
        deb patchelf --force-rpath --set-rpath $out/lib:${glibc}/lib $f
      done
      ${after}
    '';
  };

  # Programs of /usr/bin or /usr/sbin by name.
  programs = name: version: names: relocate {
    name = "${name}-${version}";
    copy = ''
      for p in ${builtins.concatStringsSep " " names}; do
        if [ -e $root/usr/bin/$p ]; then cp -L $root/usr/bin/$p $out/bin/$p; else cp -L $root/usr/sbin/$p $out/bin/$p; fi
      done
    '';
  };

  versions = pins.versions;

  bash = relocate {
    name = "bash-${versions.bash}";
    copy = "cp -L $root/usr/bin/bash $out/bin/bash";
    after = "ln -s bash $out/bin/sh";
  };

  cacert = run {
    name = "nss-cacert-${versions.cacert}";
    script = ''
      mkdir -p $out/etc/ssl/certs
      cp -L ${debroot}/etc/ssl/certs/ca-certificates.crt $out/etc/ssl/certs/ca-bundle.crt
      ln -s ca-bundle.crt $out/etc/ssl/certs/ca-certificates.crt
    '';
  };

  # Debian's nix wants /usr/bin/bash-static as the sandbox's /bin/sh. The name ends in `?` here, which makes it
  # optional, and keeps the length of the constant inside the binary.
  nix = relocate {
    name = "nix-${versions.nix}";
    copy = ''
      deb sed 's|/bin/sh=/usr/bin/bash-static|/bin/sh=/usr/bin/bash-stati?|' $root/usr/bin/nix >$out/bin/nix
      chmod +x $out/bin/nix
      if deb grep -q /usr/bin/bash-static $out/bin/nix; then echo "the sandbox shell of this nix is not where it was expected" >&2; exit 1; fi
    '';
    after = ''
      for p in build channel collect-garbage copy-closure daemon env hash instantiate prefetch-url shell store; do ln -s nix $out/bin/nix-$p; done
      mkdir -p $out/etc/profile.d $out/libexec/nix
      ln -s ../../bin/nix $out/libexec/nix/build-remote
      # An official release has a bash in its closure, too.
      ln -s ${bash}/bin/bash $out/libexec/nix/shell
      cat >$out/etc/profile.d/nix-daemon.sh <<'P'
      export NIX_PROFILES="/nix/var/nix/profiles/default $HOME/.nix-profile"
      export NIX_SSL_CERT_FILE="''${NIX_SSL_CERT_FILE:-/nix/var/nix/profiles/default/etc/ssl/certs/ca-bundle.crt}"
      export PATH="$HOME/.nix-profile/bin:/nix/var/nix/profiles/default/bin:$PATH"
      P
      cp $out/etc/profile.d/nix-daemon.sh $out/etc/profile.d/nix.sh
    '';
  };

  openssh = relocate {
    name = "openssh-${versions.openssh}";
    copy = "for p in ssh scp sftp ssh-add ssh-agent ssh-keygen ssh-keyscan; do cp -L $root/usr/bin/$p $out/bin/$p; done";
  };

  # git finds its helpers and templates through the environment, and starts scripts through bash's own path.
  git = relocate {
    name = "git-minimal-${versions.git}";
    copy = ''
      mkdir -p $out/libexec/git-core $out/share
      cp -a $root/usr/lib/git-core/. $out/libexec/git-core/
      cp -a $root/usr/share/git-core/templates $out/share/templates
      chmod -R u+w $out
      cd $out/libexec/git-core
      # What needs perl or a terminal user interface, or is a second copy of git itself.
      rm -rf git-add--interactive git-archimport git-cvs* git-svn git-send-email git-instaweb git-gui* git-citool mergetools git-imap-send git-daemon git-shell scalar git-http-push
      for f in *; do
        if [ -f "$f" ] && ! [ -L "$f" ] && head -n 1 "$f" | grep -q '^#!.*perl'; then rm "$f"; fi
      done
    '';
    after = ''
      cd $out/libexec/git-core
      for f in * ../../share/templates/hooks/*; do
        if [ -f "$f" ] && ! [ -L "$f" ] && head -n 1 "$f" | grep -q '^#! */bin/sh'; then sed -i '1s|.*|#!${bash}/bin/sh|' "$f"; fi
      done
      cat >$out/bin/git <<P
      #!${bash}/bin/bash
      export GIT_EXEC_PATH=$out/libexec/git-core
      export GIT_TEMPLATE_DIR=\''${GIT_TEMPLATE_DIR:-$out/share/templates}
      export GIT_SSL_CAINFO=\''${GIT_SSL_CAINFO:-\''${NIX_SSL_CERT_FILE:-${cacert}/etc/ssl/certs/ca-bundle.crt}}
      exec $out/libexec/git-core/git "\$@"
      P
      chmod +x $out/bin/git
      for p in git-receive-pack git-upload-pack git-upload-archive; do
        printf '#!%s\nexec %s %s "$@"\n' ${bash}/bin/bash $out/bin/git ''${p#git-} >$out/bin/$p
        chmod +x $out/bin/$p
      done
    '';
  };
in
{
  inherit system seed debroot diskroot run relocate programs versions glibc bash cacert nix openssh git;
  gitMinimal = git;
  curl = programs "curl" versions.curl [ "curl" ];
  coreutils = programs "coreutils" versions.coreutils [
    "[" "arch" "b2sum" "base32" "base64" "basename" "basenc" "cat" "chgrp" "chmod" "chown" "cksum" "comm" "cp" "csplit" "cut" "date" "dd" "df"
    "dir" "dircolors" "dirname" "du" "echo" "env" "expand" "expr" "factor" "false" "fmt" "fold" "head" "id" "install" "join" "link"
    "ln" "logname" "ls" "md5sum" "mkdir" "mkfifo" "mknod" "mktemp" "mv" "nice" "nl" "nohup" "nproc" "numfmt" "od" "paste" "pathchk" "pinky" "pr"
    "printenv" "printf" "ptx" "pwd" "readlink" "realpath" "rm" "rmdir" "runcon" "seq" "sha1sum" "sha224sum" "sha256sum" "sha384sum" "sha512sum"
    "shred" "shuf" "sleep" "sort" "split" "stat" "stdbuf" "stty" "sum" "sync" "tac" "tail" "tee" "test" "timeout" "touch" "tr" "true" "truncate"
    "tsort" "tty" "uname" "unexpand" "uniq" "unlink" "users" "vdir" "wc" "who" "whoami" "yes"
  ];
  gnutar = programs "gnutar" versions.gnutar [ "tar" ];
  gzip = programs "gzip" versions.gzip [ "gzip" ];
  xz = programs "xz" versions.xz [ "xz" ];
  zstd = programs "zstd" versions.zstd [ "zstd" ];
  iproute2 = programs "iproute2" versions.iproute2 [ "ip" "ss" ];
  findutils = programs "findutils" versions.findutils [ "find" "xargs" ];
  gnugrep = programs "gnugrep" versions.gnugrep [ "grep" ];
  gnused = programs "gnused" versions.gnused [ "sed" ];
  jq = programs "jq" versions.jq [ "jq" ];
}
