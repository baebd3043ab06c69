"""What the documentation of python-etcd3 shows, against the endpoint named in the arguments."""
import queue
import sys

import etcd3

host, port, name = sys.argv[1:4]
etcd = etcd3.client(host=host, port=int(port))


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r} (expected: {expected!r})")


etcd.put(f"{name}/a", "1")
check("get", etcd.get(f"{name}/a")[0], b"1")
check("prefix", [value for value, _ in etcd.get_prefix(f"{name}/")], [b"1"])

changes = queue.Queue()
watch = etcd.add_watch_callback(f"{name}/a", changes.put)
etcd.put(f"{name}/a", "2")
check("watch", changes.get(timeout=20).events[0].value, b"2")
etcd.cancel_watch(watch)

won, _ = etcd.transaction(
    compare=[etcd.transactions.value(f"{name}/a") == "2"],
    success=[etcd.transactions.put(f"{name}/a", "3")],
    failure=[etcd.transactions.put(f"{name}/a", "wrong")],
)
check("transaction", (won, etcd.get(f"{name}/a")[0]), (True, b"3"))
check("replace", etcd.replace(f"{name}/a", "3", "4"), True)

lease = etcd.lease(600)
etcd.put(f"{name}/leased", "x", lease=lease)
check("granted", lease.granted_ttl, 600)
check("keys", list(lease.keys), [f"{name}/leased".encode()])
check("refreshed", lease.refresh()[0].TTL, 600)
lease.revoke()
check("revoked", etcd.get(f"{name}/leased")[0], None)

with etcd.lock(f"{name}", ttl=60) as lock:
    check("lock", lock.is_acquired(), True)
check("members", sorted(member.name for member in etcd.members), ["n1", "n2", "n3"])
check("status", etcd.status().version, "3.4.23")
check("deleted", etcd.delete_prefix(f"{name}/").deleted, 1)
print("all as documented")
