/* SPDX-License-Identifier: GPL-2.0 */
/* Floor 2: stores. They keep things and know no rule of the protocol. */
#ifndef _XTCP_STORES_H
#define _XTCP_STORES_H

#include "xtcp.h"

/* ---- net.c: struct xtcp_net's life, its users, counting objects ---- */

int xtcp_net_init(struct net *net);	/* process context, -ENOMEM */
void xtcp_net_exit(struct net *net);

/*
 * A namespace's users are its sockets, requests and TIME_WAIT entries. When
 * the last one goes, steer_off_work is scheduled. Any context.
 */
void xtcp_net_user_get(struct net *net);
void xtcp_net_user_put(struct net *net);

void xtcp_object_made(enum xtcp_object kind);
void xtcp_object_freed(enum xtcp_object kind);
void xtcp_object_report(void);

/* ---- mib.c: counters and their names ---- */

const char *xtcp_mib_name(enum xtcp_mib mib);
const char *xtcp_mib_group(enum xtcp_mib mib);	/* Tcp, TcpExt, Xtcp */
u64 xtcp_mib_read(const struct xtcp_net *xn, enum xtcp_mib mib);
u64 xtcp_edge_read(const struct xtcp_net *xn, unsigned int edge);

/* ---- cc_registry.c ---- */

/* Return: the control with a reference to its module, or NULL. */
const struct xtcp_cc_ops *xtcp_cc_find_get(const char *name);
void xtcp_cc_put(const struct xtcp_cc_ops *ops);
/* RCU held; false if the control is leaving. */
bool xtcp_cc_try_get(const struct xtcp_cc_ops *ops);
/* Take one more reference: the caller knows that it is held. */
void xtcp_cc_get(const struct xtcp_cc_ops *ops);
int xtcp_cc_available(char *buf, size_t len);

/* ---- sysctl.c ---- */

int xtcp_sysctl_net_init(struct net *net);
void xtcp_sysctl_net_exit(struct net *net);

/* ---- key.c: addresses and ports ---- */

u32 xtcp_key_hash(const struct xtcp_key *key);
/* Set ep's addresses, ports, dif and hash. */
void xtcp_key_set(struct xtcp_ep *ep, const struct xtcp_key *key);
/* The connection's own addresses as a key; dif is what it is bound to. */
void xtcp_sk_key(const struct sock *sk, struct xtcp_key *key);
void xtcp_ep_key(const struct xtcp_ep *ep, struct xtcp_key *key);
/* The addresses for isn.c's functions. */
void xtcp_key_tuple(const struct xtcp_key *key, struct xtcp_tuple *t);

/* ---- hash.c: the connection table and the table of listeners ---- */

int xtcp_hash_init(void);
void xtcp_hash_exit(void);

/**
 * xtcp_hash_find() - the connection, request or TIME_WAIT entry of a segment
 * @key: addresses as received
 *
 * RCU or BH off not needed beforehand. Return: with a reference, or NULL.
 */
struct xtcp_ep *xtcp_hash_find(const struct xtcp_key *key);

/* As above, the listening socket that fits best; with a reference, or NULL. */
struct sock *xtcp_hash_find_listener(const struct xtcp_key *key);

/* Take a reference if the endpoint still lives; give it back. */
bool xtcp_ep_get(struct xtcp_ep *ep);
void xtcp_ep_put(struct xtcp_ep *ep);

/**
 * xtcp_hash_insert_unique() - insert unless the 4-tuple is taken
 * @ep: to go in
 *
 * Return: NULL if it is in, else the endpoint in its way with a reference.
 */
struct xtcp_ep *xtcp_hash_insert_unique(struct xtcp_ep *ep);

/**
 * xtcp_hash_replace() - put @new where @old stands; no reader misses both
 * @old: hashed, same 4-tuple
 * @new: not hashed
 *
 * Return: false if @old was no longer hashed; @new is not in then.
 */
bool xtcp_hash_replace(struct xtcp_ep *old, struct xtcp_ep *new);

/* Return: true if this call took it out. */
bool xtcp_hash_remove(struct xtcp_ep *ep);

void xtcp_hash_listen(struct sock *sk);
void xtcp_hash_unlisten(struct sock *sk);

/* For walks: buckets are counted from 0, listeners' from 0 too. */
unsigned int xtcp_hash_nr_buckets(void);
unsigned int xtcp_hash_nr_listen_buckets(void);
/* The bucket's lock is held between; BH is off. Positions count from 0. */
struct hlist_nulls_head *xtcp_hash_bucket_lock(unsigned int bucket);
void xtcp_hash_bucket_unlock(unsigned int bucket);
struct hlist_nulls_head *xtcp_hash_listen_lock(unsigned int bucket);
void xtcp_hash_listen_unlock(unsigned int bucket);

/* ---- ktable.c: the connection table of the kernel's own TCP ---- */

/* Is there anything at the 4-tuple? */
bool xtcp_ktable_has(const struct xtcp_key *key);
/* Is there anything that a segment @th belongs to rather than to a listener? */
bool xtcp_ktable_keeps(const struct xtcp_key *key, const struct tcphdr *th);

/* ---- guard.c: a kernel socket that keeps the kernel's TCP off a port ---- */

struct xtcp_guard;

/**
 * xtcp_guard_new() - claim a port from the kernel's TCP
 * @net: namespace
 * @port: host byte order, not 0
 * @reuse: the program's SO_REUSEADDR
 *
 * Process context. Return: the guard or ERR_PTR(-EADDRINUSE, -ENOMEM).
 */
struct xtcp_guard *xtcp_guard_new(struct net *net, u16 port, bool reuse);

/* Any context: the socket is released from a work item. */
void xtcp_guard_free(struct xtcp_guard *guard);
/*
 * At the end of close(), process context: if the port was the socket's alone
 * it is free for the kernel's TCP when this returns.
 */
void xtcp_guard_settle(void);
void xtcp_guard_flush(void);	/* wait until all that were freed are gone */

/* ---- port.c: local ports and who holds them ---- */

int xtcp_port_init(void);
void xtcp_port_exit(void);

/* sk->sk_prot->get_port: bind() and autobind; snum 0 picks one. */
int xtcp_port_bind(struct sock *sk, unsigned short snum);
/* A bound socket wants to listen: 0 or -EADDRINUSE. */
int xtcp_port_may_listen(struct sock *sk);
/* A child holds its listener's port too. Any context. */
void xtcp_port_inherit(struct sock *child, struct sock *listener);
/* Give up the socket's hold, if any. Any context. */
void xtcp_port_release(struct sock *sk);
/* For TIME_WAIT entries: one hold more, one less. Any context. */
struct xtcp_port *xtcp_port_hold(struct xtcp_port *port);
void xtcp_port_drop(struct xtcp_port *port);
/* Is the port bound to explicitly? RCU inside. */
bool xtcp_port_is_bound(struct net *net, u16 port);

/* The ephemeral ports that the socket may have, both ends included. */
void xtcp_port_range(const struct sock *sk, int *low, int *high);

/* ---- ephemeral.c: a local port for a connection ---- */

/**
 * xtcp_port_connect() - choose a local port for a connection and hash it
 * @sk: addresses and remote port set, sk's lock held, process context
 * @claim: asked with the endpoint in the way, with a reference that it
 *	consumes: true if it was made to give way and the tuple is free now
 *
 * If the socket is bound, only the 4-tuple is checked. Return: 0 with
 * inet_num, inet_sport and ep set and hashed, or -EADDRNOTAVAIL.
 */
int xtcp_port_connect(struct sock *sk,
		      bool (*claim)(struct sock *sk, struct xtcp_ep *ep));

/* ---- twwheel.c: when TIME_WAIT entries end ---- */

struct xtcp_tw_wheel *xtcp_tw_wheel_new(void (*expire)(struct xtcp_tw *tw));
/* Ends all that are left; waits. Process context. */
void xtcp_tw_wheel_free(struct xtcp_tw_wheel *wheel);
/* BH-safe, any context. The wheel keeps the table's reference. */
void xtcp_tw_wheel_add(struct xtcp_tw_wheel *wheel, struct xtcp_tw *tw,
		       u32 ms);
void xtcp_tw_wheel_restart(struct xtcp_tw_wheel *wheel, struct xtcp_tw *tw,
			   u32 ms);
/* Return: true if this call took it out and expire() will not be called. */
bool xtcp_tw_wheel_del(struct xtcp_tw_wheel *wheel, struct xtcp_tw *tw);

/* ---- timer.c: one timer per connection, several deadlines ---- */

typedef void (*xtcp_expire_t)(struct sock *sk);

/* The edge that would make a circle: expire.c gives its handlers at init. */
void xtcp_timer_set_handlers(const xtcp_expire_t handlers[XTCP_NR_DEADLINES]);

void xtcp_timer_setup(struct sock *sk);
/* sk's lock held. @when: jiffies. */
void xtcp_timer_arm(struct sock *sk, enum xtcp_deadline which, u32 when);
void xtcp_timer_disarm(struct sock *sk, enum xtcp_deadline which);
void xtcp_timer_stop(struct sock *sk);
/* From release_cb: the timer ran while the socket was owned. */
void xtcp_timer_run_deferred(struct sock *sk);

static inline bool xtcp_timer_armed(const struct xtcp_sock *xs,
				    enum xtcp_deadline which)
{
	return xs->deadlines & (1 << which);
}

/* ---- mem.c: accounting shared by all sockets ---- */

extern struct percpu_counter xtcp_sockets_allocated;
extern atomic_long_t xtcp_memory_allocated;
extern unsigned long xtcp_memory_pressure;
extern long xtcp_sysctl_mem[3];		/* pages: low, pressure, high */
extern int xtcp_buffer_min;
DECLARE_PER_CPU(int, xtcp_fw_alloc);

int xtcp_mem_init(void);
void xtcp_mem_exit(void);
void xtcp_enter_memory_pressure(struct sock *sk);
void xtcp_leave_memory_pressure(struct sock *sk);

/* ---- sendq.c: what is to be sent and what is not acknowledged ---- */

/* An empty skb with head room, charged to the socket. NULL under pressure. */
struct sk_buff *xtcp_sendq_alloc(struct sock *sk, gfp_t gfp, bool force);
void xtcp_sendq_append(struct sock *sk, struct sk_buff *skb);
void xtcp_sendq_free(struct sock *sk, struct sk_buff *skb);
void xtcp_sendq_purge(struct sock *sk);
/* Cut @skb in two at @len bytes; the rest becomes a new skb behind it. */
int xtcp_sendq_split(struct sock *sk, struct sk_buff *skb, u32 len, u32 mss,
		     gfp_t gfp);
/* Forget the first @len bytes: they are acknowledged. */
int xtcp_sendq_trim(struct sock *sk, struct sk_buff *skb, u32 len);
/* If there is room: wake who waits for it (sk_stream_write_space() is private). */
void xtcp_sendq_wake(struct sock *sk);
/* Set mss and segs of a segment to be sent. */
void xtcp_seg_set_gso(struct sk_buff *skb, u32 mss);
void xtcp_rtxq_insert(struct sock *sk, struct sk_buff *skb);
/* Take it out and free it. */
void xtcp_rtxq_done(struct sock *sk, struct sk_buff *skb);
/* First skb whose end_seq is after @seq, or NULL. */
struct sk_buff *xtcp_rtxq_find(struct sock *sk, u32 seq);

static inline struct sk_buff *xtcp_rtxq_head(const struct sock *sk)
{
	return skb_rb_first(&sk->tcp_rtx_queue);
}

static inline struct sk_buff *xtcp_sendq_head(const struct sock *sk)
{
	return skb_peek(&sk->sk_write_queue);
}

static inline struct sk_buff *xtcp_sendq_tail(const struct sock *sk)
{
	return skb_peek_tail(&sk->sk_write_queue);
}

#define xtcp_rtxq_for_each(skb, sk)					\
	for (skb = xtcp_rtxq_head(sk); skb; skb = skb_rb_next(skb))

/* ---- recvq.c: what came in order and what did not ---- */

/*
 * Put in-order data at the end of the receive queue, headers already pulled;
 * merges with the last skb where it can. Consumes @skb.
 */
void xtcp_recvq_append(struct sock *sk, struct sk_buff *skb);
/* Charge @skb to the socket. Return: false if there is no room. */
bool xtcp_recvq_charge(struct sock *sk, struct sk_buff *skb);
/*
 * Insert out-of-order data, overlaps resolved. Consumes @skb. Sets the range
 * that was already there to @dup (start == end if none).
 */
void xtcp_ofo_insert(struct sock *sk, struct sk_buff *skb,
		     struct xtcp_sack_block *dup);
/*
 * Move what rcv_nxt has reached to the receive queue. Return: true if a FIN
 * was among it.
 */
bool xtcp_ofo_drain(struct sock *sk);
/* Free memory: drop from the end of the out-of-order queue. */
bool xtcp_ofo_prune(struct sock *sk);
void xtcp_recvq_purge(struct sock *sk);

/* ---- endpoint.c: requests and TIME_WAIT entries as objects ---- */

int xtcp_endpoint_init(void);
void xtcp_endpoint_exit(void);

/* Zeroed but for ep.kind; refcnt 1. Any context, may return NULL. */
struct xtcp_req *xtcp_req_alloc(const struct xtcp_key *key);
void xtcp_req_put(struct xtcp_req *req);
struct xtcp_tw *xtcp_tw_alloc(const struct xtcp_key *key);
void xtcp_tw_put(struct xtcp_tw *tw);

/* ---- af_inet.c, af_inet6.c: the two network layers ---- */

/**
 * struct xtcp_af - what differs between IPv4 and IPv6
 * @net_hdr_len: of the IP header without options, bytes
 * @gso_type: SKB_GSO_TCPV4 or SKB_GSO_TCPV6
 * @route_connect: connect()'s address: check it, route to it, set the
 *	socket's addresses and remote port; sk's lock held
 * @route_ports: the ports are known now: route again if they matter
 * @reroute: find a route for a connected socket and cache it; sk's lock held
 * @xmit: send a segment of a connection; consumes it; sk's lock held
 * @check: set the pseudo header's checksum for CHECKSUM_PARTIAL
 * @route_to: find a route for a segment that belongs to no connection; @sk is
 *	a listener or a control socket and need not be locked; NULL or a
 *	referenced route
 * @send_to: send such a segment on @dst, which stays the caller's; consumes
 *	the segment
 * @csum_ok: verify a received segment
 */
struct xtcp_af {
	u8	net_hdr_len;
	u16	gso_type;
	int	(*route_connect)(struct sock *sk, struct sockaddr *uaddr,
				 int addr_len);
	int	(*route_ports)(struct sock *sk, __be16 orig_sport);
	struct dst_entry *(*reroute)(struct sock *sk);
	int	(*xmit)(struct sock *sk, struct sk_buff *skb);
	void	(*check)(const struct sock *sk, struct sk_buff *skb);
	struct dst_entry *(*route_to)(const struct sock *sk,
				      const struct xtcp_key *key, u32 mark,
				      u8 tos);
	int	(*send_to)(const struct sock *sk, struct sk_buff *skb,
			   const struct xtcp_key *key, struct dst_entry *dst,
			   u32 mark, u8 tos);
	bool	(*csum_ok)(struct sk_buff *skb);
};

extern const struct xtcp_af xtcp_af_inet;
extern const struct xtcp_af xtcp_af_inet6;

/* The pseudo header's sum stands in check: the device does the rest. */
static inline void xtcp_af_set_partial(struct sk_buff *skb)
{
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
}

static inline const struct xtcp_af *xtcp_af(bool v6)
{
	return v6 ? &xtcp_af_inet6 : &xtcp_af_inet;
}

#endif /* _XTCP_STORES_H */
