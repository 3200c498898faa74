
import django.core.validators
import django.db.models.functions.text
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=100, validators=[django.core.validators.RegexValidator('[\\x00-\\x1f\\x7f\\u2028\\u2029]', 'Write the name on one line.', inverse_match=True)], verbose_name='name')),
                ('language', models.CharField(blank=True, choices=[('', 'As the browser prefers'), ('en', 'English'), ('pt-br', 'Português')], default='', max_length=10, verbose_name='language')),
                ('role', models.CharField(choices=[('viewer', 'Viewer'), ('operator', 'Operator'), ('manager', 'Manager'), ('admin', 'Administrator')], default='viewer', max_length=10, verbose_name='role')),
                ('is_active', models.BooleanField(default=True, help_text='Somebody who is not active cannot sign in. Nobody is ever deleted.', verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='signed up')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name', 'email'],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='user_has_a_name'), models.CheckConstraint(condition=models.Q(('role__in', ['viewer', 'operator', 'manager', 'admin'])), name='user_role_is_on_the_ladder')],
            },
        ),
    ]
