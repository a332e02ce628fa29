package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.gateway.auth.acl.AccessControlList;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import io.forebay.gateway.auth.acl.Permission;
import io.forebay.gateway.auth.policy.Decision;
import io.forebay.gateway.auth.policy.Policy;
import io.forebay.gateway.auth.policy.PolicyRequest;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Who may do what: the one place that decides it, for every face.
///
/// Answers from memory on any thread. What the policy of a session does not allow, nobody may do with that session.
/// Root
/// and administrators may do everything, and every user may create buckets and list them. Of a bucket, in this order:
/// what its policy denies, nobody may do; its owner may do everything, but with
/// objects that are others' where access control lists count; what its policy or a list gives to somebody, that one may
/// do. Nobody else may do anything.
public final class Permissions {
    private final UserDirectory users;
    private final InstantSource clock;
    private final ObjectOwnership defaultOwnership;
    private final BucketAccesses accesses = new BucketAccesses();
    private final SessionPolicies sessions = new SessionPolicies();
    private final Map<Action, LongAdder> denied = new EnumMap<>(Action.class);

    /// @param defaultOwnership of buckets that are created from now on
    public Permissions(UserDirectory users, InstantSource clock, ObjectOwnership defaultOwnership, Metrics metrics) {
        this.users = users;
        this.clock = clock;
        this.defaultOwnership = defaultOwnership;
        for (Action action : Action.values()) {
            denied.put(action, metrics.counter(AuthMetric.DENIED, "action=\"" + action.text() + "\""));
        }
    }

    /// Whether the caller may do it, as far as that is known without the object: what an object says of its own counts
    /// for those that are allowed `BY_OBJECT`. Of a bucket that does not exist users are told so, and nobody else.
    public Verdict judge(Ask ask) {
        return judge(ask, null);
    }

    /// Whether the caller may do it. What depends on an object is not allowed without it.
    public boolean allows(Ask ask) {
        return judge(ask, null) == Verdict.ALLOWED;
    }

    /// Throws FORBIDDEN when the caller may not do it. What depends on an object is not allowed without it.
    public void check(Ask ask) {
        require(ask, judge(ask, null));
    }

    /// Throws FORBIDDEN when the caller may not do it with that object.
    public void check(Ask ask, ObjectAccess object) {
        require(ask, judge(ask, object));
    }

    /// Throws FORBIDDEN where a policy denies it, whatever else allows it.
    public void checkNotDenied(Ask ask) {
        Bucket bucket = ask.bucket();
        Policy policy = bucket == null || ask.caller().isAdministrator()
                ? null
                : accesses.of(bucket).policy();
        if (denies(sessions.of(ask.caller()), ask) || denies(policy, ask)) {
            require(ask, Verdict.DENIED);
        }
    }

    private boolean denies(@Nullable Policy policy, Ask ask) {
        return policy != null && policy.evaluate(request(ask, null)) == Decision.DENY;
    }

    /// Throws FORBIDDEN where that was judged of it and is not ALLOWED.
    public void require(Ask ask, Verdict verdict) {
        if (verdict != Verdict.ALLOWED) {
            LongAdder counter = denied.get(ask.action());
            if (counter != null) {
                counter.increment();
            }
            throw new StoreException(
                    ErrorCode.FORBIDDEN,
                    "Access Denied: user " + ask.caller().name() + " may not do "
                            + ask.action().text() + " with " + ask.resource());
        }
    }

    private Verdict judge(Ask ask, @Nullable ObjectAccess object) {
        Caller caller = ask.caller();
        Policy limit = sessions.of(caller);
        if (limit != null) {
            PolicyRequest request = request(ask, object);
            if (object == null && ActionRules.isOfPresentObject(ask.action()) && limit.readsTags(request.action())) {
                return Verdict.BY_OBJECT;
            }
            if (limit.evaluate(request) != Decision.ALLOW) {
                return Verdict.DENIED;
            }
        }
        if (caller.isAdministrator()) {
            return Verdict.ALLOWED;
        }
        boolean governs =
                ask.action() == Action.ADMINISTER || (caller.isAnonymous() && ActionRules.governs(ask.action()));
        Bucket bucket = ask.bucket();
        if (governs || (bucket == null && caller.isAnonymous())) {
            return Verdict.DENIED;
        }
        return bucket == null ? Verdict.ALLOWED : judge(ask, accesses.of(bucket), object);
    }

    private Verdict judge(Ask ask, BucketAccess access, @Nullable ObjectAccess object) {
        Action action = ask.action();
        boolean present = ActionRules.isOfPresentObject(action);
        boolean owns = access.owner().equals(userId(ask));
        Decision said = Decision.NONE;
        Policy policy = access.policy();
        if (policy != null) {
            PolicyRequest request = request(ask, object);
            if (object == null && present && policy.readsTags(request.action())) {
                return Verdict.BY_OBJECT;
            }
            said = policy.evaluate(request);
            if (said == Decision.DENY && !(owns && ActionRules.isOfPolicy(action))) {
                return Verdict.DENIED;
            }
        }
        boolean allowed = owns || (said == Decision.ALLOW && access.policyMayAllow());
        if (present && access.listsCount()) {
            return object == null ? Verdict.BY_OBJECT : byList(ask, access, allowed, object);
        }
        Permission wanted = ActionRules.ofBucketList(action);
        return verdict(allowed || (wanted != null && grants(access.listOfBucket(), wanted, ask, access)));
    }

    /// The owner of an object may do everything with it. What the bucket's owner may do, and gives to others by a
    /// policy,
    /// counts for objects that are that owner's.
    private static Verdict byList(Ask ask, BucketAccess access, boolean allowed, ObjectAccess object) {
        AccessControlList list = access.listOfObject(object.list());
        Permission wanted = ActionRules.ofObjectList(ask.action());
        return verdict(list.owner().equals(userId(ask))
                || (allowed && list.owner().equals(access.owner()))
                || (wanted != null && grants(list, wanted, ask, access)));
    }

    private static boolean grants(AccessControlList list, Permission wanted, Ask ask, BucketAccess access) {
        return list.grants(wanted, userId(ask), access.block().ignorePublicAcls());
    }

    private static Verdict verdict(boolean allowed) {
        return allowed ? Verdict.ALLOWED : Verdict.DENIED;
    }

    private static @Nullable String userId(Ask ask) {
        return ask.caller().isAnonymous() ? null : ask.caller().account().id();
    }

    private PolicyRequest request(Ask ask, @Nullable ObjectAccess object) {
        Bucket bucket = ask.bucket();
        String name = bucket == null ? "*" : bucket.name().name();
        return new PolicyRequest(
                ask.caller().principals(),
                ask.action().text(),
                PolicyRequest.ARN + (ActionRules.isOfObject(ask.action()) ? name + "/" + ask.key() : name),
                new RequestConditions(ask, clock.instant(), object));
    }

    /// Whether the caller sees the bucket among all.
    public boolean lists(Caller caller, Bucket bucket) {
        return caller.isAdministrator()
                || bucket.owner().equals(caller.account().id());
    }

    /// What a bucket says of who may do what.
    public BucketAccess accessOf(Bucket bucket) {
        return accesses.of(bucket);
    }

    /// Whether something may depend on what objects of the bucket have of their own.
    public boolean mayDependOnObjects(Caller caller, Bucket bucket) {
        BucketAccess access = accesses.of(bucket);
        return !caller.isUnlimited() && (caller.limit() != null || access.listsCount() || access.policy() != null);
    }

    /// The properties of a bucket that an account creates.
    ///
    /// @param ownership of what will be written into it; null for the default
    public Map<String, String> ofNewBucket(Account owner, @Nullable ObjectOwnership ownership, AccessControlList list) {
        Map<String, String> properties = new HashMap<>(owner.ownedProperties());
        if (ownership != null) {
            properties.put(BucketAccess.OWNERSHIP, ownership.wireName());
        } else if (!defaultOwnership.equals(ObjectOwnership.OBJECT_WRITER)) {
            properties.put(BucketAccess.OWNERSHIP, defaultOwnership.wireName());
        }
        if (!list.isPrivate()) {
            properties.put(BucketAccess.LIST, list.text());
        }
        return properties;
    }

    /// As above, of a bucket for which nothing is asked.
    public Map<String, String> ofNewBucket(Account owner) {
        return ofNewBucket(owner, null, AccessControlList.ofOwner(owner.id()));
    }

    public ObjectOwnership defaultOwnership() {
        return defaultOwnership;
    }

    /// Whose bucket it is.
    public Account ownerOf(Bucket bucket) {
        return users.ownerOf(bucket);
    }

    /// The user of an id; one who is no longer there is shown by it.
    public Account account(String id) {
        return users.account(id);
    }

    /// The user whom a request means by a canonical id or the cluster's own, or null.
    public @Nullable Account findAccount(String text) {
        return users.findAccount(text);
    }
}
