# shellcheck shell=bash
# Where Fashion-MNIST is: for the scripts that read it.

# Sets DATASET, or ends the script NAME with what to install.
find_fashion_mnist() {
  DATASET=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
  if [ ! -r "$DATASET/train-images-idx3-ubyte.gz" ]; then
    cat >&2 <<MESSAGE
$1: no Fashion-MNIST in $DATASET.
  Debian, Ubuntu   apt-get install dataset-fashion-mnist
Or set FASHION_MNIST to a folder with its four files (train-images-idx3-ubyte.gz, …).
MESSAGE
    exit 1
  fi
  command -v curl >/dev/null || {
    echo "$1: webdataset reads URLs with curl, which is not installed" >&2
    exit 1
  }
}
