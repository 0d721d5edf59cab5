# Sourced: install_packages NAME... through apt, as root or through sudo; otherwise says what is missing and fails.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "Missing: $*. Install it with this system's package manager, then start again." >&2
        return 1
    fi
    if [ "$(id -u)" = 0 ]; then root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then root="sudo -n"
    else
        echo "Missing: $*. Not root and no sudo without a password; run: sudo apt-get install $*" >&2
        return 1
    fi
    $root apt-get -qq update >&2
    $root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}
