import { cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Daemon } from './daemon.ts';
import type { Ingredients } from './ingredients.ts';

/** What the Dockerfile and docker-compose.yml are given in place of images that cannot be pulled here. */
export const standIns = {
  NODE_IMAGE: 'stand-in/node:24-bookworm-slim',
  DEBIAN_IMAGE: 'stand-in/debian:bookworm-slim',
  FUNCTIONS_IMAGE: 'stand-in/azure-functions-node:4-node24',
  SFTP_IMAGE: 'stand-in/openssh-server',
  AZURITE_IMAGE: 'stand-in/azurite',
};

/** Makes the images; `project` is built from for Azurite, which is among its packages. */
export async function makeStandIns(
  daemon: Daemon,
  ingredients: Ingredients,
  work: string,
  project: string,
): Promise<void> {
  await daemon.docker('import', ingredients.debian, standIns.DEBIAN_IMAGE);
  await daemon.docker('import', ingredients.openssh, 'stand-in/openssh-root');
  await build(daemon, join(work, 'node'), standIns.NODE_IMAGE, nodeFile, (folder) => layOutNode(folder, ingredients));
  await build(daemon, join(work, 'openssh'), standIns.SFTP_IMAGE, opensshFile, (folder) =>
    writeFileSync(join(folder, 'init'), opensshInit, { mode: 0o755 }),
  );
  // the Functions host itself cannot be had: what goes into the image can be looked at, its running cannot
  await build(daemon, join(work, 'functions'), standIns.FUNCTIONS_IMAGE, `FROM ${standIns.NODE_IMAGE}\n`);
  const args = Object.entries(standIns).flatMap(([name, image]) => ['--build-arg', `${name}=${image}`]);
  await daemon.docker('build', '--quiet', '--target', 'build', '--tag', 'stand-in/build', ...args, project);
  await build(daemon, join(work, 'azurite'), standIns.AZURITE_IMAGE, azuriteFile);
}

async function build(
  { docker }: Daemon,
  folder: string,
  image: string,
  dockerfile: string,
  layOut?: (folder: string) => void | Promise<void>,
): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  await layOut?.(folder);
  await docker('build', '--quiet', '--tag', image, folder);
}

const nodeFile = `FROM ${standIns.DEBIAN_IMAGE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY npmrc /usr/local/etc/npmrc
COPY npm-cache /opt/npm-cache
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
`;

/** This very Node, this machine's npm, and every package in npm's cache: npm in the image needs no network. */
async function layOutNode(folder: string, { npm, npmCache, registry }: Ingredients): Promise<void> {
  await copyFile(realpathSync(process.execPath), join(folder, 'node'));
  cpSync(npm, join(folder, 'npm'), { recursive: true });
  cpSync(npmCache, join(folder, 'npm-cache'), { recursive: true });
  writeFileSync(join(folder, 'npmrc'), `offline=true\ncache=/opt/npm-cache\nregistry=${registry}\n`);
}

const azuriteFile = `FROM stand-in/build
RUN mkdir /data && printf '#!/bin/sh\\nexec node /build/node_modules/azurite/dist/src/azurite.js "$@"\\n' > /usr/local/bin/azurite \\
  && chmod 755 /usr/local/bin/azurite
WORKDIR /data
`;

const opensshFile = `FROM stand-in/openssh-root
COPY init /init
CMD ["/init"]
`;

/** What linuxserver/openssh-server does with the settings that docker-compose.yml gives it; it, too, runs sshd as that user. */
const opensshInit = `#!/bin/sh
set -eu
if ! id "$USER_NAME" > /dev/null 2>&1; then
  groupadd --non-unique --gid "$PGID" "$USER_NAME"
  useradd --non-unique --uid "$PUID" --gid "$PGID" --home-dir /config --shell /bin/sh --password '*' "$USER_NAME"
fi
mkdir -p /config/.ssh /run/sshd
if [ ! -d /config/ssh_host_keys ]; then
  mkdir /config/ssh_host_keys
  ssh-keygen -A
  cp /etc/ssh/ssh_host_* /config/ssh_host_keys
fi
touch /config/.ssh/authorized_keys
grep -q "$(cat "$PUBLIC_KEY_FILE")" /config/.ssh/authorized_keys || cat "$PUBLIC_KEY_FILE" >> /config/.ssh/authorized_keys
chown -R "$USER_NAME:$USER_NAME" /config
chmod go-w /config
chmod 700 /config/.ssh
chmod 600 /config/.ssh/authorized_keys
{
  for kind in rsa ecdsa ed25519; do echo "HostKey /config/ssh_host_keys/ssh_host_\${kind}_key"; done
  echo 'Subsystem sftp /usr/lib/openssh/sftp-server'
  echo 'PasswordAuthentication no'
  echo 'PidFile none'
} > /etc/ssh/sshd_config
exec setpriv --reuid "$USER_NAME" --regid "$USER_NAME" --init-groups /usr/sbin/sshd -D -e -p 2222
`;
