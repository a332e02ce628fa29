package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.acl.AccessControlList;
import io.forebay.gateway.auth.acl.Grant;
import io.forebay.gateway.auth.acl.Grantee;
import io.forebay.gateway.auth.acl.Permission;
import java.util.ArrayList;
import java.util.List;

/// Access control lists as `AccessControlPolicy` documents, and grantees as requests name them.
final class AclDocument {
    static final String ROOT = "AccessControlPolicy";

    private final Permissions permissions;

    /// @param permissions knows the users by what requests call them
    AclDocument(Permissions permissions) {
        this.permissions = permissions;
    }

    XmlWriter write(AccessControlList list) {
        XmlWriter xml = XmlWriter.of(ROOT);
        Owners.add("Owner", permissions.account(list.owner()), xml);
        xml.open("AccessControlList");
        for (Grant grant : list.grants()) {
            xml.open("Grant");
            switch (grant.grantee()) {
                case Grantee.User(var id) -> xml.grantee(permissions.account(id));
                case Grantee.Group group -> xml.granteeGroup(group.uri());
            }
            xml.element("Permission", grant.permission().name()).close();
        }
        return xml.close();
    }

    /// Reads a document. Throws MalformedACLError, InvalidArgument for a grantee that nobody is,
    /// UnresolvableGrantByEmailAddress.
    AccessControlList read(XmlElement document) {
        XmlElement owner = document.find("Owner");
        XmlElement list = document.find("AccessControlList");
        String ownerId = owner == null ? null : owner.findText("ID");
        if (ownerId == null || list == null) {
            throw new S3Failure(S3Error.MALFORMED_ACL);
        }
        List<XmlElement> elements = list.all("Grant");
        if (elements.size() > AccessControlList.MAX_GRANTS) {
            throw new S3Failure(S3Error.MALFORMED_ACL);
        }
        List<Grant> grants = new ArrayList<>();
        for (XmlElement element : elements) {
            grants.add(grant(element));
        }
        return new AccessControlList(user(ownerId), grants);
    }

    private Grant grant(XmlElement element) {
        XmlElement grantee = element.find("Grantee");
        String name = element.findText("Permission");
        Permission permission = name == null ? null : Permission.find(name);
        if (grantee == null || permission == null) {
            throw new S3Failure(S3Error.MALFORMED_ACL);
        }
        for (String kind : new String[] {"ID", "URI", "EmailAddress"}) {
            String value = grantee.findText(kind);
            if (value != null) {
                return new Grant(grantee(kind, value), permission);
            }
        }
        throw new S3Failure(S3Error.MALFORMED_ACL);
    }

    /// Whom a request means by an `ID`, a `URI` or an `EmailAddress`, without case. Throws InvalidArgument,
    /// UnresolvableGrantByEmailAddress, and MalformedACLError for anything else.
    Grantee grantee(String kind, String value) {
        if (kind.equalsIgnoreCase("ID")) {
            return new Grantee.User(user(value));
        }
        if (kind.equalsIgnoreCase("URI")) {
            Grantee.Group group = Grantee.Group.find(value);
            if (group == null) {
                throw S3Failure.invalidArgument("uri", value, "Invalid group uri");
            }
            return group;
        }
        if (kind.equalsIgnoreCase("EmailAddress")) {
            throw new S3Failure(S3Error.UNRESOLVABLE_GRANT_BY_EMAIL_ADDRESS);
        }
        throw new S3Failure(S3Error.MALFORMED_ACL);
    }

    private String user(String text) {
        Account account = permissions.findAccount(text.strip());
        if (account == null) {
            throw S3Failure.invalidArgument("CanonicalUser/ID", text, "Invalid id");
        }
        return account.id();
    }
}
