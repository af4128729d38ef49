// npm runs this after it installed the packages, with the first Node on its PATH. That is the Node of this project's
// packages, or the host's when npm has no package of Node for the platform or could not download it. The host's may be
// as old as Node 18: use no newer syntax.
const NEEDED = 24;

const [major] = process.versions.node.split('.');
if (Number(major) < NEEDED) {
  process.stderr.write(
    `Node.js ${NEEDED} is required, and npm installed none for ${process.platform} ${process.arch}; the installed version is ${process.version}. Run "npm ci" again, or install Node.js ${NEEDED} yourself.\n`,
  );
  process.exitCode = 1;
}
