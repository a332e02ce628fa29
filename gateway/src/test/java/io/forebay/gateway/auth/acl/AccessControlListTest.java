package io.forebay.gateway.auth.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AccessControlListTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            PRIVATE, -, false, false
            PRIVATE, owner, true, true
            PRIVATE, other, false, false
            PUBLIC_READ, -, true, false
            PUBLIC_READ_WRITE, -, true, true
            AUTHENTICATED_READ, -, false, false
            AUTHENTICATED_READ, other, true, false
            BUCKET_OWNER_READ, bucket-owner, true, false
            BUCKET_OWNER_FULL_CONTROL, bucket-owner, true, true
            BUCKET_OWNER_FULL_CONTROL, other, false, false
            LOG_DELIVERY_WRITE, other, false, false
            """)
    void cannedListsGrantWhatTheirNamesSay(CannedAcl canned, @Nullable String user, boolean read, boolean write) {
        AccessControlList list = canned.of("owner", "bucket-owner");
        assertThat(list.grants(Permission.READ, user, false)).isEqualTo(read);
        assertThat(list.grants(Permission.WRITE, user, false)).isEqualTo(write);
    }

    @Test
    void grantsToThePublicCanBeIgnored() {
        AccessControlList list = CannedAcl.PUBLIC_READ.of("owner", "owner");
        assertThat(list.isPublic()).isTrue();
        assertThat(list.grants(Permission.READ, "other", true)).isFalse();
        assertThat(list.grants(Permission.READ, "owner", true)).isTrue();
        assertThat(CannedAcl.AUTHENTICATED_READ.of("owner", "owner").isPublic()).isTrue();
        assertThat(CannedAcl.LOG_DELIVERY_WRITE.of("owner", "owner").isPublic()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(CannedAcl.class)
    void textIsReadBack(CannedAcl canned) {
        AccessControlList list = canned.of("a&b=*", "*x");
        assertThat(AccessControlList.parse(list.text())).isEqualTo(list);
    }

    @Test
    void aListMayGrantNothing() {
        AccessControlList none = new AccessControlList("owner", List.of());
        assertThat(AccessControlList.parse(none.text())).isEqualTo(none);
        assertThat(none.isPrivate()).isFalse();
        assertThat(AccessControlList.ofOwner("owner").isPrivate()).isTrue();
    }

    @Test
    void aDamagedTextIsNoList() {
        assertThatThrownBy(() -> AccessControlList.parse("owner=a&WROTE=id:b")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> AccessControlList.parse("owner=a&READ=b")).isInstanceOf(StoreException.class);
    }

    @Test
    void settingsOfBucketsAreReadBack() {
        PublicAccessBlock block = new PublicAccessBlock(true, false, false, true);
        assertThat(PublicAccessBlock.parse(block.text())).isEqualTo(block);
        assertThat(PublicAccessBlock.parse(PublicAccessBlock.NONE.text())).isEqualTo(PublicAccessBlock.NONE);
        assertThat(ObjectOwnership.require("ObjectWriter")).isEqualTo(ObjectOwnership.OBJECT_WRITER);
        assertThatThrownBy(() -> ObjectOwnership.require("Nobody")).isInstanceOf(StoreException.class);
    }

    @Test
    void groupsComeFirst() {
        Grant user = new Grant(new Grantee.User("u"), Permission.READ);
        Grant group = new Grant(Grantee.Group.ALL_USERS, Permission.READ);
        assertThat(new AccessControlList("o", List.of(user, group)).grants()).containsExactly(group, user);
    }
}
