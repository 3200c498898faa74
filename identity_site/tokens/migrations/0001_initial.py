"""The keys, the outbox, and the triggers that fill it and wake its worker."""

import django.db.models.functions.datetime
from django.db import migrations, models


# On every path, also psql: what a token says, or how its session was proved, is no longer true.
VOID_TOKENS = """
CREATE FUNCTION void_tokens_of_person() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO tokens_logoutnotice (sub) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER void_tokens AFTER UPDATE ON accounts_user
    FOR EACH ROW
    WHEN ((OLD.role, OLD.is_active, OLD.password)
        IS DISTINCT FROM (NEW.role, NEW.is_active, NEW.password))
    EXECUTE FUNCTION void_tokens_of_person();

CREATE FUNCTION wake_worker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('logout_notice', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER wake_worker AFTER INSERT ON tokens_logoutnotice
    FOR EACH STATEMENT EXECUTE FUNCTION wake_worker();
"""
TAKE_AWAY = """
DROP TRIGGER void_tokens ON accounts_user;
DROP FUNCTION void_tokens_of_person;
DROP TRIGGER wake_worker ON tokens_logoutnotice;
DROP FUNCTION wake_worker;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kid', models.CharField(max_length=43, unique=True)),
                ('sealed', models.TextField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('activates_at', models.DateTimeField()),
                ('retires_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LogoutNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sid', models.CharField(blank=True, db_default='', max_length=32)),
                ('sub', models.UUIDField(null=True)),
                ('is_erasure', models.BooleanField(db_default=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('cut_off_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(db_default=0)),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('delivered_at', models.DateTimeField(null=True)),
                ('expired_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('delivered_at', None), ('expired_at', None)), fields=['next_attempt_at'], name='notice_waiting'), models.Index(condition=models.Q(('sub__isnull', False)), fields=['sub'], name='notice_of_person'), models.Index(condition=models.Q(('sid', ''), _negated=True), fields=['sid'], name='notice_of_session')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sid', ''), _negated=True), ('sub__isnull', False), _connector='OR'), name='notice_is_about_something')],
            },
        ),
        migrations.RunSQL(VOID_TOKENS, TAKE_AWAY),
    ]
