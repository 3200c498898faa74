from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


ACCOUNTS = Path(__file__).parent.parent


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_shared_cache'),
        # The functions of people.sql write to the tables of these.
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('sessions', '0001_initial'),
        ('usersessions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='invitation', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('digest', models.CharField(max_length=64)),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PersonChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('created', 'Account made'), ('role', 'Role changed'), ('active', 'Activated or deactivated'), ('erased', 'Erased'), ('invited', 'Invited'), ('withdrawn', 'Invitation withdrawn'), ('signed_out', 'Signed out everywhere'), ('factors_removed', 'Second factors removed'), ('tokens_revoked', 'Personal tokens revoked')], max_length=20, verbose_name='change')),
                ('old', models.CharField(blank=True, max_length=10, verbose_name='before')),
                ('new', models.CharField(blank=True, max_length=10, verbose_name='after')),
                ('changed_at', models.DateTimeField(verbose_name='time')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'history of people',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='erased'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at', None), ('is_active', False), _connector='OR'), name='user_who_is_erased_is_not_active'),
        ),
        migrations.AddField(
            model_name='personchange',
            name='changed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='personchange',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', verbose_name='person', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='personchange',
            index=models.Index(fields=['person', '-id'], name='change_of_person'),
        ),
        migrations.RunSQL((ACCOUNTS / "people.sql").read_text()),
    ]
