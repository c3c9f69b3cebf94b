import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { modelOf, registerImages } from '../../../../src/core/kubelet/catalogue';
import { busybox } from '../../../../src/core/kubelet/catalogue/busybox';
import { parseImage } from '../../../../src/core/kubelet/catalogue/image';
import { podManifest, serviceManifest, setManifest, World } from '../network/world';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.close());

const ok = (stdout: string, stderr = '') => ({ stdout, stderr, code: 0 });

test.each([
  ['nginx', 'nginx'],
  ['docker.io/library/nginx:1.21', 'nginx'],
  ['localhost:5000/nginx@sha256:0123', 'nginx'],
  ['registry.k8s.io/nginx-slim:0.24', 'nginx'],
  ['k8s.gcr.io/zookeeper:3.4.10', 'zookeeper'],
  ['redis:7.0-alpine', 'redis'],
  ['mariadb:11', 'mariadb'],
  ['bitnami/nginx', undefined],
  ['postgres:16', undefined],
  ['toString', undefined],
  ['', undefined],
])('%s is %s', (image, name) => {
  expect(modelOf(image)?.name).toBe(name);
});

test('an image has registry, repository and tag', () => {
  expect(parseImage('localhost:5000/a/b')).toEqual({ registry: 'localhost:5000', repository: 'a/b', tag: 'latest' });
});

test("the user's own images come first", () => {
  const model = { ...busybox(parseImage('x')), name: 'own' };
  registerImages([{ matches: (image) => image.startsWith('nginx'), model }]);
  expect([modelOf('nginx:1')?.name, modelOf('httpd')?.name]).toEqual(['own', 'httpd']);
  registerImages([]);
  expect(modelOf('nginx:1')?.name).toBe('nginx');
});

describe('web servers', () => {
  test('nginx serves its folder, and says no in its own words', async () => {
    world.create(podManifest('n', { image: 'nginx:1.21' }));
    expect(await world.run('n', 'nginx -v; /usr/sbin/nginx -t; which nginx')).toEqual(
      ok(
        '/usr/sbin/nginx\n'.replace('/usr/sbin', '/usr/bin'),
        'nginx version: nginx/1.21\nnginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n' +
          'nginx: configuration file /etc/nginx/nginx.conf test is successful\n',
      ),
    );
    const code = (path: string, more = '') =>
      world.out('n', `curl -s ${more} -o /dev/null -w '%{http_code}' localhost${path}`);
    expect([await code('/'), await code('/x'), await code('/', '-X DELETE'), await code('/', '-I')]).toEqual([
      '200',
      '404',
      '405',
      '200',
    ]);
    await world.run('n', 'rm /usr/share/nginx/html/index.html');
    expect(await code('/')).toBe('403');
    expect(await world.out('n', 'curl -s localhost')).toContain('<center>nginx/1.21</center>');
    expect((await world.run('n', 'nslookup x')).code).toBe(127);
  });

  test('nginx goes by a configuration that is mounted', async () => {
    const text =
      'server { listen 8080; location / { return 200 "host $hostname\\n"; } location /old { return 301 /new; } }';
    world.create(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'conf', namespace: 'default' },
        data: { 'default.conf': text },
      },
      podManifest('n', {
        image: 'nginx',
        ports: [{ containerPort: 8080 }],
        container: { volumeMounts: [{ name: 'conf', mountPath: '/etc/nginx/conf.d' }] },
        spec: { volumes: [{ name: 'conf', configMap: { name: 'conf' } }] },
      }),
    );
    expect(await world.run('n', 'curl -s localhost:8080/x')).toEqual(ok('host n\n'));
    expect(await world.run('n', "curl -s -o /dev/null -w '%{http_code}' localhost:8080/old")).toEqual(ok('301'));
  });

  test('httpd serves its folder', async () => {
    world.create(podManifest('h', { image: 'httpd:2.4' }), podManifest('b'));
    const url = `http://${world.pod('h').status.podIP}`;
    expect(await world.run('b', `wget -qO- ${url}`)).toEqual(ok('<html><body><h1>It works!</h1></body></html>\n'));
    await world.run('h', 'mv htdocs/index.html /tmp/');
    expect((await world.run('b', `wget -qO- ${url}/index.html`)).stderr).toBe(
      'wget: server returned error: HTTP/1.1 404 Not Found\n',
    );
  });

  test('what does not run a server does not listen', async () => {
    world.create(podManifest('s', { image: 'nginx', command: ['sleep', 'infinity'] }));
    expect((await world.run('s', 'curl localhost')).code).toBe(7);
  });
});

describe('mysql', () => {
  beforeEach(() => {
    world.create(
      serviceManifest('mysql', { ports: [{ port: 3306 }] }),
      setManifest('mysql', 'mysql', 2, {
        containers: [{ name: 'm', image: 'mysql:8.0', env: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'pw' }] }],
      }),
    );
  });
  const sql = (text: string, more = '') =>
    world.run('mysql-0', `MYSQL_PWD=pw mysql ${more}`, { stdin: text, env: { MYSQL_PWD: 'pw' } });

  test('says who may come in and where nobody is', async () => {
    expect(await world.run('mysql-0', 'mysqladmin -uroot ping', { env: { MYSQL_PWD: 'pw' } })).toEqual(
      ok('mysqld is alive\n'),
    );
    const errors: [string, string][] = [
      ['mysql -e "SELECT 1"', "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)\n"],
      ['mysql -h x -e "SELECT 1"', "ERROR 2005 (HY000): Unknown MySQL server host 'x' (-2)\n"],
      [
        'mysql -h mysql-1.mysql -P 1 -e "SELECT 1"',
        "ERROR 2003 (HY000): Can't connect to MySQL server on 'mysql-1.mysql:1' (111)\n",
      ],
    ];
    for (const [line, stderr] of errors)
      expect(await world.run('mysql-0', line)).toEqual({ stdout: '', stderr, code: 1 });
    expect((await world.run('mysql-0', 'mysqldump x')).code).toBe(127);
  });

  test('has the server id of its configuration', async () => {
    await world.run('mysql-1', 'printf "[mysqld]\\nserver-id=101\\n" > /etc/mysql/conf.d/server-id.cnf');
    expect(await sql('SELECT @@server_id; SHOW VARIABLES LIKE "server_id"', '-h mysql-1.mysql')).toEqual(
      ok('@@server_id\n101\nVariable_name\tValue\nserver_id\t101\n'),
    );
  });

  test('keeps tables', async () => {
    const made = `CREATE DATABASE test; CREATE TABLE test.t (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(5));
      INSERT INTO test.t (name) VALUES ('b'), ('a'), (NULL);`;
    expect(await sql(made)).toEqual(ok(''));
    const query =
      'USE test; SELECT name AS n, id FROM t WHERE id < 3 ORDER BY name LIMIT 5; SELECT COUNT(*), MAX(id) FROM t';
    expect(await sql(query, '-t')).toEqual(
      ok(
        '+------+----+\n| n    | id |\n+------+----+\n| a    |  2 |\n| b    |  1 |\n+------+----+\n' +
          '+----------+---------+\n| COUNT(*) | MAX(id) |\n+----------+---------+\n|        3 |       3 |\n+----------+---------+\n',
      ),
    );
    await sql("UPDATE test.t SET name = 'z' WHERE name IS NULL; DELETE FROM test.t WHERE id IN (1, 2)");
    expect(await sql('SELECT * FROM test.t')).toEqual(ok('id\tname\n3\tz\n'));
  });

  test.each([
    ['GRANT ALL ON *.* TO x', '1064 (42000)'],
    ['SELECT', '1064 (42000)'],
    ['SELECT 1 FROM nope.t', '1049 (42000)'],
    ['SELECT x', '1054 (42S22)'],
    ['SHOW TABLES', '1046 (3D000)'],
    ['CREATE DATABASE mysql', '1007 (HY000)'],
    ['DROP DATABASE nope', '1008 (HY000)'],
    ['SELECT @@nope', '1193 (HY000)'],
  ])('%s fails with %s', async (text, error) => {
    const { stderr, code } = await sql(text);
    expect(stderr).toContain(`ERROR ${error} at line 1: `);
    expect(code).toBe(1);
  });
});

describe('redis', () => {
  test('keeps keys of every type', async () => {
    world.create(podManifest('r', { image: 'redis:7' }));
    const script = 'set a 1\nincr a\nrpush l x y\nlrange l 0 -1\nhset h f v\nhgetall h\nget nope\nlpush a z\nnope x\n';
    expect(await world.run('r', 'redis-cli --no-raw', { stdin: script })).toEqual(
      ok(
        'OK\n(integer) 2\n(integer) 2\n1) "x"\n2) "y"\n(integer) 1\n1) "f"\n2) "v"\n(nil)\n' +
          '(error) WRONGTYPE Operation against a key holding the wrong kind of value\n' +
          "(error) ERR unknown command 'nope', with args beginning with: 'x' \n",
      ),
    );
    expect(await world.run('r', 'redis-cli dbsize; redis-cli -h nope ping')).toEqual({
      stdout: '3\n',
      stderr: 'Could not connect to Redis at nope:6379: Name or service not known\n',
      code: 1,
    });
  });

  test('makes a cluster of six, finds keys, and knows a node that returns', async () => {
    const command = ['redis-server', '--cluster-enabled', 'yes', '--cluster-announce-ip', '$(POD_IP)'];
    const env = [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }];
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    const mount = [{ name: 'data', mountPath: '/data' }];
    const set = setManifest('rc', 'rc', 6, {
      containers: [{ name: 'r', image: 'redis:7.0', command, env, volumeMounts: mount }],
    });
    const spec = { ...(set as unknown as { spec: object }).spec, volumeClaimTemplates: [claim] };
    world.create(serviceManifest('rc'), { ...set, spec });
    const names = [0, 1, 2, 3, 4, 5].map((i) => `rc-${i}.rc:6379`).join(' ');
    const refused = await world.run('rc-0', `redis-cli --cluster create ${names} --cluster-replicas 1`, {
      stdin: 'no\n',
    });
    expect(refused.code).toBe(1);
    const made = await world.run('rc-0', `redis-cli --cluster create ${names} --cluster-replicas 1`, {
      stdin: 'yes\n',
    });
    expect(made.code).toBe(0);
    expect(made.stdout).toContain(
      '>>> Performing hash slots allocation on 6 nodes...\nMaster[0] -> Slots 0 - 5460\nMaster[1] -> Slots 5461 - 10922\n' +
        'Master[2] -> Slots 10923 - 16383\nAdding replica rc-4.rc:6379 to rc-0.rc:6379\n' +
        'Adding replica rc-5.rc:6379 to rc-1.rc:6379\nAdding replica rc-3.rc:6379 to rc-2.rc:6379\n',
    );
    expect(made.stdout.endsWith('[OK] All 16384 slots covered.\n')).toBe(true);
    expect(await world.out('rc-3', 'redis-cli cluster info')).toContain('cluster_state:ok\n');
    expect(await world.out('rc-0', 'redis-cli set foo bar')).toMatch(/^MOVED 12182 10\.244\.\d+\.\d+:6379\n$/);
    expect(await world.out('rc-0', 'redis-cli -c set foo bar; redis-cli -c get foo')).toBe('OK\nbar\n');
    expect(await world.out('rc-3', 'redis-cli dbsize')).toBe('1\n');
    world.delete('pods', 'rc-2');
    expect(await world.out('rc-0', 'redis-cli cluster info')).toContain('cluster_state:fail\n');
    await world.run('rc-2', 'redis-server --cluster-enabled yes --cluster-announce-ip $POD_IP');
    expect(await world.out('rc-0', 'redis-cli cluster info')).toContain('cluster_state:ok\n');
    expect(await world.out('rc-0', 'redis-cli -c get foo')).toBe('bar\n');
  });
});

test('zookeeper shares a tree between the servers of its ensemble', async () => {
  world.create(
    serviceManifest('zk'),
    setManifest('zk', 'zk', 3, { containers: [{ name: 'z', image: 'k8s.gcr.io/zookeeper:3.4.10' }] }),
  );
  for (const i of [0, 1, 2])
    await world.run(`zk-${i}`, 'start-zookeeper --servers=3 --data_dir=/var/lib/zookeeper/data');
  expect(await world.run('zk-1', 'cat /var/lib/zookeeper/data/myid')).toEqual(ok('2\n'));
  expect(await world.run('zk-0', 'echo ruok | nc localhost 2181')).toEqual(ok('imok'));
  expect(await world.out('zk-0', 'zkServer.sh status')).toMatch(/Mode: follower\n$/);
  expect((await world.run('zk-0', 'zkCli.sh create /hello world')).code).toBe(0);
  expect(await world.out('zk-2', 'zkCli.sh get /hello')).toMatch(/\nworld\ncZxid = 0x1\n/);
  expect(await world.run('zk-0', 'zkCli.sh get /nope')).toMatchObject({
    stderr: 'Node does not exist: /nope\n',
    code: 1,
  });
});
