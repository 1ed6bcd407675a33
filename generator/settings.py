"""What comes from the machine and not from a recipe: keys and tokens, from the environment, .env or secret files."""

from pathlib import Path

from pydantic import AliasChoices, BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRETS = Path("/run/secrets")


class TeacherSecrets(BaseModel):
    """Keys for teachers."""

    api_key: SecretStr | None = None


class Settings(BaseSettings):
    """PROOFMILL_* variables, `.env`, and Docker secrets; OPENAI_API_KEY is read where ours is not set."""

    model_config = SettingsConfigDict(
        env_prefix="PROOFMILL_",
        env_nested_delimiter="__",
        env_file=".env",
        secrets_dir=_SECRETS if _SECRETS.is_dir() else None,
        extra="ignore",
    )

    teacher: TeacherSecrets = TeacherSecrets()
    openai_api_key: SecretStr | None = Field(None, validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"))

    @property
    def api_key(self) -> str | None:
        """The key to send to a teacher's endpoint, if there is one."""
        secret = self.teacher.api_key or self.openai_api_key
        return secret.get_secret_value() if secret else None
