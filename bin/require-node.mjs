// npm runs this after it installed the packages, with whatever Node is first on its PATH: the one of this project,
// or the host's where npm has no package for the platform or could not fetch it. Written for Node 18.
const NEEDED = 24;

const [major] = process.versions.node.split('.');
if (Number(major) < NEEDED) {
  process.stderr.write(
    `Node.js ${NEEDED} is needed, and npm installed none for ${process.platform} ${process.arch}; here runs ${process.version}. Run "npm ci" again, or install Node.js ${NEEDED} yourself.\n`,
  );
  process.exitCode = 1;
}
